/** Nonce, at least one character of JSON, and tag, in base64url (aes.ts). */
const SEALED = /^[\w-]{39,}$/;
/** Ids and names of streams hold one; in random bytes it does not come up. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** Whether a value looks like a sealed one. Every sealed value does; so does a digest, which says as little to a reader. */
export function looksSealed(value: unknown): boolean {
  return typeof value === 'string' && SEALED.test(value) && !ID.test(value);
}
