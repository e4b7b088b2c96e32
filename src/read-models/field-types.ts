/**
 * The types of fields for which JSON has only text and numbers. Paths are written as `attempts.*.begunAt`: `*` is
 * each entry of a list or of a map, '' the document itself. Stores that have such types use them (ADR 9); nothing is guessed from values.
 */
export interface FieldTypes {
  /** Text that is an ISO 8601 instant in UTC. */
  readonly instants?: readonly string[];
  /** Integers that are amounts in fen. */
  readonly money?: readonly string[];
  /** Objects whose keys are data rather than field names, by path. */
  readonly maps?: Readonly<Record<string, MapType>>;
}

/** How a map is stored as a list of its entries, each an object that holds its key. */
export interface MapType {
  /** The field that the key becomes; two of them where the values are maps themselves: then all entries stand in one list. */
  readonly keys: readonly [string] | readonly [string, string];
  /** The list's name, where the map is the document itself. */
  readonly list?: string;
  /** The field that the value becomes, where it is no object. */
  readonly value?: string;
  /** Whether each value holds its key in a field of that name already. */
  readonly holdsKey?: true;
  /** Whether the keys are instants. */
  readonly instantKeys?: true;
}

/** The type of one place in a document. */
export interface FieldType {
  readonly is?: 'instant' | 'money';
  readonly map?: MapType;
  /** Of the entries of a list or a map. */
  readonly each?: FieldType;
  readonly fields?: ReadonlyMap<string, FieldType>;
}

interface Growing {
  is?: 'instant' | 'money';
  map?: MapType;
  each?: Growing;
  fields?: Map<string, Growing>;
}

const known = new WeakMap<FieldTypes, FieldType>();

/** The type of a whole document. */
export function documentTypeOf(types: FieldTypes): FieldType {
  const type = known.get(types);
  if (type) return type;
  const root: Growing = {};
  for (const path of types.instants ?? []) placeOf(root, path).is = 'instant';
  for (const path of types.money ?? []) placeOf(root, path).is = 'money';
  for (const [path, map] of Object.entries(types.maps ?? {})) placeOf(root, path).map = map;
  known.set(types, root);
  return root;
}

function placeOf(root: Growing, path: string): Growing {
  let place = root;
  for (const name of path === '' ? [] : path.split('.')) {
    if (name === '*') {
      place.each ??= {};
      place = place.each;
    } else {
      place.fields ??= new Map();
      const next = place.fields.get(name) ?? {};
      place.fields.set(name, next);
      place = next;
    }
  }
  return place;
}
