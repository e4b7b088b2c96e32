/** Nonce, at least one character of JSON, and tag, in base64url (aes.ts). */
const SEALED = /^[\w-]{39,}$/;
/** A UUID: ids and stream names contain one, while base64url of random bytes practically never does. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** Whether a value looks sealed: true for every sealed value, and also for digests, which reveal nothing either. */
export function looksSealed(value: unknown): boolean {
  return typeof value === 'string' && SEALED.test(value) && !ID.test(value);
}
