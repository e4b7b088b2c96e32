import { Binary, Long } from 'mongodb';
import { documentTypeOf, type FieldType, type FieldTypes, type MapType } from '../field-types.js';

/** The fields of a document as BSON has them. */
export type Fields = Readonly<Record<string, unknown>>;

/** Names of the row that are not the document's own fields. */
const RESERVED: ReadonlySet<string> = new Set(['_id', 'position', 'removed', 'by', 'document']);

/** Subtype of BSON's binary data (user-defined) for text that UTF-8 cannot hold: one with half a surrogate pair, as UTF-16. */
const UTF_16 = 0x80;

const NO_TYPE: FieldType = {};

/**
 * A document as BSON: what JSON would hold of it, with instants as dates, money as integers and maps as lists of their entries. A value
 * whose declared type is instant or money and which is not written as one is kept unchanged, so that nothing is lost.
 * @throws TypeError for what JSON cannot hold, and for names of fields that BSON or a server cannot take
 */
export function fieldsOf(types: FieldTypes, document: unknown): Fields {
  const type = documentTypeOf(types);
  const list = type.map?.list;
  if (type.map && list === undefined) throw new TypeError('a document that is a map needs a name for the list of its entries');
  const encoded = encode(document, type);
  if (list !== undefined) return { [list]: encoded };
  if (typeof encoded !== 'object' || encoded === null || Array.isArray(encoded)) throw new TypeError('文档不是对象');
  for (const name of Object.keys(encoded)) if (RESERVED.has(name)) throw new TypeError(`文档不能有字段 ${name}，保存它的行要用这个名字`);
  return encoded as Fields;
}

/** Decodes a document: byte for byte the JSON that was encoded. */
export function documentOf(types: FieldTypes, fields: Fields): unknown {
  const type = documentTypeOf(types);
  const list = type.map?.list;
  return decode(list === undefined ? fields : fields[list], type);
}

function encode(value: unknown, type: FieldType): unknown {
  switch (typeof value) {
    case 'string':
      return type.is === 'instant' ? instantOf(value) : textOf(value);
    case 'number':
      return numberOf(value, type);
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : encodeObject(value, type);
    case 'bigint':
      throw new TypeError('文档是 JSON，没有 BigInt');
    default:
      return undefined;
  }
}

function encodeObject(value: object, type: FieldType): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') return encode(value.toJSON(), type);
  if (Array.isArray(value)) return value.map((entry: unknown) => encode(entry, type.each ?? NO_TYPE) ?? null);
  if (type.map) return entriesOf(value as Fields, type.map, type.each ?? NO_TYPE);
  return withFields({}, value as Fields, type);
}

/** Adds the encoded fields of an object to `target`. */
function withFields(target: Record<string, unknown>, object: Fields, { fields }: FieldType): Record<string, unknown> {
  for (const name of Object.keys(object)) {
    const encoded = encode(object[name], fields?.get(name) ?? NO_TYPE);
    if (encoded === undefined) continue;
    if (!checkedNames.has(name)) checkName(name);
    target[name] = encoded;
  }
  return target;
}

/** The entries of a map, each with its key or both of its keys. A map of maps that holds an empty one has an entry without the second key. */
function entriesOf(value: Fields, map: MapType, type: FieldType): readonly Fields[] {
  const [first, second] = map.keys;
  const entries: Fields[] = [];
  for (const [key, each] of Object.entries(value)) {
    const outer = map.instantKeys ? instantOf(key) : textOf(key);
    if (second === undefined) {
      addEntry(entries, { [first]: outer }, first, key, each, map, type);
      continue;
    }
    const before = entries.length;
    if (typeof each !== 'object' || each === null) throw new TypeError(`${first} ${key} 之下不是以 ${second} 为键的对象`);
    for (const [inner, entry] of Object.entries(each)) {
      addEntry(entries, { [first]: outer, [second]: textOf(inner) }, second, inner, entry, map, type.each ?? NO_TYPE);
    }
    if (entries.length === before) entries.push({ [first]: outer });
  }
  return entries;
}

function addEntry(entries: Fields[], keys: Record<string, unknown>, name: string, key: string, value: unknown, map: MapType, type: FieldType): void {
  if (map.value !== undefined) {
    const encoded = encode(value, type);
    if (encoded !== undefined) entries.push({ ...keys, [map.value]: encoded });
    return;
  }
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`以 ${name} 为键的条目 ${key} 不是对象`);
  if (map.holdsKey) {
    if ((value as Fields)[name] !== key) throw new TypeError(`以 ${name} 为键的条目 ${key} 中没有它的键`);
    entries.push(withFields({}, value as Fields, type));
    return;
  }
  for (const own of map.keys) if (Object.hasOwn(value, own)) throw new TypeError(`以 ${name} 为键的条目 ${key} 自己有字段 ${own}`);
  entries.push(withFields(keys, value as Fields, type));
}

/** Only text in the canonical form, UTC to the millisecond, becomes a date; any other text is kept. */
function instantOf(text: string): unknown {
  const time = text.length >= 24 && text.endsWith('Z') ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return textOf(text);
  const date = new Date(time);
  return date.toISOString() === text ? date : textOf(text);
}

function textOf(text: string): unknown {
  return text.isWellFormed() ? text : new Binary(Buffer.from(text, 'utf16le'), UTF_16);
}

/** JSON has no -0, NaN or infinity. The driver writes 32-bit integers as such and all other numbers as doubles. */
function numberOf(value: number, { is }: FieldType): unknown {
  if (!Number.isFinite(value)) return null;
  if (is === 'money' && Number.isSafeInteger(value) && value !== (value | 0)) return Long.fromNumber(value);
  return value === 0 ? 0 : value;
}

/** Names that were checked already; there are as many as the code declares. */
const checkedNames = new Set<string>();
const MOST_NAMES = 10_000;

/** A name in JSON can hold a NUL, which ends a name in BSON, be a path or operator for MongoDB, or not be well-formed text. */
function checkName(name: string): void {
  if (name === '' || name === '__proto__' || name.startsWith('$') || /[.\0]/.test(name) || !name.isWellFormed()) {
    throw new TypeError(`MongoDB 不能有名为 ${JSON.stringify(name)} 的字段，要在投影的 maps 中声明`);
  }
  if (checkedNames.size < MOST_NAMES) checkedNames.add(name);
}

function decode(value: unknown, type: FieldType): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return type.map ? mapOf(value as readonly Fields[], type.map, type.each ?? NO_TYPE) : decodeList(value, type.each ?? NO_TYPE);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf16le');
  if (value instanceof Binary) return Buffer.from(value.value()).toString('utf16le');
  if (value instanceof Long) return value.toNumber();
  return decodeFields(value as Fields, type);
}

function decodeList(list: readonly unknown[], type: FieldType): unknown {
  return list.map((entry) => decode(entry, type));
}

/** The fields of an object, without those that are keys of a map. */
function decodeFields(object: Fields, { fields }: FieldType, keys: readonly string[] = []): Fields {
  const decoded: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    if (!keys.includes(name)) decoded[name] = decode(object[name], fields?.get(name) ?? NO_TYPE);
  }
  return decoded;
}

function mapOf(entries: readonly Fields[], map: MapType, type: FieldType): unknown {
  const [first, second] = map.keys;
  if (second === undefined) return Object.fromEntries(entries.map((entry) => [keyIn(entry, first), valueIn(entry, map, type)]));
  const maps = new Map<string, (readonly [string, unknown])[]>();
  for (const entry of entries) {
    const key = keyIn(entry, first);
    const inner = maps.get(key) ?? [];
    maps.set(key, inner);
    if (Object.hasOwn(entry, second)) inner.push([keyIn(entry, second), valueIn(entry, map, type.each ?? NO_TYPE)]);
  }
  return Object.fromEntries(Array.from(maps, ([key, inner]) => [key, Object.fromEntries(inner)]));
}

function keyIn(entry: Fields, name: string): string {
  const key = entry[name];
  return typeof key === 'string' ? key : String(decode(key, NO_TYPE));
}

function valueIn(entry: Fields, { keys, value, holdsKey }: MapType, type: FieldType): unknown {
  if (value !== undefined) return decode(entry[value], type);
  return decodeFields(entry, type, holdsKey ? [] : keys);
}
