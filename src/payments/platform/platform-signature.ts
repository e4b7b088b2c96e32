import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** An RSA key, and the id of its public half by which the receiver finds it. */
export interface PlatformKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** The kind of a message is signed too, so that a signature of one kind is not valid for another. */
export type SignedKind = 'order' | 'request' | 'answer' | 'notification';

/** A file of keys is invalid; the message says why and quotes nothing of it. */
export class UnfitKey extends Error {
  override readonly name = 'UnfitKey';
}

/** Two while keys are rotated. */
const MAX_KEYS = 2;
/** Bits of an RSA modulus. */
const SHORTEST = 2048;

/**
 * The keys in a text of one or two PEM blocks, in their order.
 * @param half the wanted half of the pair; the other half is refused
 * @throws UnfitKey
 */
export function readKeys(text: string, half: 'private' | 'public'): readonly PlatformKey[] {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g)];
  if (blocks.length === 0) throw new UnfitKey('其中没有 PEM 格式的密钥');
  if (blocks.length > MAX_KEYS) throw new UnfitKey(`其中有 ${blocks.length} 个密钥，最多只能有两个`);
  return blocks.map(([block, label = '']) => {
    if (label.endsWith('PRIVATE KEY') !== (half === 'private')) throw new UnfitKey(`应为${half === 'private' ? '私钥' : '公钥'}，其中是 ${label}`);
    const key = readKey(block, half);
    if (key.asymmetricKeyType !== 'rsa') throw new UnfitKey(`应为 RSA 密钥，其中是 ${key.asymmetricKeyType}`);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits < SHORTEST) throw new UnfitKey(`其中的密钥有 ${bits} 位，至少要 ${SHORTEST} 位`);
    return { id: keyId(key), key };
  });
}

function readKey(block: string, half: 'private' | 'public'): KeyObject {
  try {
    return half === 'private' ? createPrivateKey(block) : createPublicKey(block);
  } catch (error) {
    throw new UnfitKey('其中的密钥无法读取，或者带密码', { cause: error });
  }
}

/** The first 16 hexadecimal digits of the SHA-256 of the public half as DER (SPKI): the same for both halves of a pair. */
function keyId(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

/**
 * The bytes that are signed: the kind and each line, each followed by a line feed, and then the body. Only the body may contain a line
 * feed, so different messages never have the same bytes.
 */
export function signedBytes(kind: SignedKind, lines: readonly string[], body: Uint8Array = new Uint8Array()): Uint8Array {
  return Buffer.concat([Buffer.from([kind, ...lines].map((line) => `${line}\n`).join('')), body]);
}

/** RSASSA-PKCS1-v1_5 with SHA-256, in base64. */
export function signatureOf({ key }: PlatformKey, bytes: Uint8Array): string {
  return sign('sha256', bytes, key).toString('base64');
}

/** Whether the key with that id has signed these bytes. */
export function hasSigned(keys: readonly PlatformKey[], id: string, signature: string, bytes: Uint8Array): boolean {
  const found = keys.find((each) => each.id === id);
  return found !== undefined && verify('sha256', bytes, found.key, Buffer.from(signature, 'base64'));
}

/** Fields as one line: sorted by name, names and values percent-encoded (RFC 3986: all but letters, digits and `-._~`). */
export function canonicalFields(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .sort()
    .map((name) => `${encoded(name)}=${encoded(fields[name] ?? '')}`)
    .join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
