/** A field that is not the same in two documents; undefined where it is missing. */
export interface ChangedField {
  /** Such as `2610.06090.result.score`, or `majors.0.state`. */
  readonly path: string;
  /** The path for every document, with `*` for what is different in each: codes, numbers, places in a list. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A name that the code gives, not the data. */
const NAME = /^[a-z][A-Za-z]*$/;

/** The fields in which two JSON values differ; none when they say the same, in whatever order their keys stand. */
export function changedFields(before: unknown, after: unknown): readonly ChangedField[] {
  const changed: ChangedField[] = [];
  collectChanged(before, after, [], changed);
  return changed;
}

function collectChanged(before: unknown, after: unknown, path: readonly string[], changed: ChangedField[]): void {
  if (before === after) return;
  const keys = keysOfBoth(before, after);
  if (!keys) {
    changed.push({ path: path.join('.'), field: path.map((part) => (NAME.test(part) ? part : '*')).join('.'), before, after });
    return;
  }
  for (const key of keys) {
    const [was, is] = [valueAt(before, key), valueAt(after, key)];
    if (was !== is) collectChanged(was, is, [...path, key], changed); // most are the same, and a path is not made for them
  }
}

/** The keys by which two values are compared part by part; undefined where they can only differ as a whole. */
function keysOfBoth(before: unknown, after: unknown): readonly string[] | undefined {
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after) && before.length !== after.length) return undefined;
  return [...Object.keys(before), ...Object.keys(after).filter((key) => !Object.hasOwn(before, key))];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function valueAt(value: unknown, key: string): unknown {
  return Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
}
