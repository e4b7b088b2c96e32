import { looksSealed } from '../../vault/sealed-text.js';

/** What stands where a sealed value is. */
const SEALED = '〔密封〕';

/** Characters of a text that are shown. */
const MOST = 200;

/** JSON as an operator may see it: sealed values are only named as such, long texts are cut. */
export function shownJson(value: unknown): unknown {
  if (typeof value === 'string') {
    if (looksSealed(value)) return SEALED;
    return value.length > MOST ? `${value.slice(0, MOST)}…` : value;
  }
  if (Array.isArray(value)) return value.map(shownJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shownJson(each)]));
}
