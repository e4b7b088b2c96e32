import { looksSealed } from '../../../vault/sealed-text.js';
import type { Safe, Sealed } from '../../../vault/vault.js';

/** Texts that are another each time something is decided, and what stands for each of them in a comparison. */
export type Volatile = ReadonlyMap<string, string>;

/** JSON with its sealed values opened and its volatile texts replaced, so that two decisions on the same facts give the same. */
export function openedValue(value: unknown, safe: Safe, volatile: Volatile): unknown {
  if (typeof value === 'string') return volatile.get(value) ?? (looksSealed(value) ? openedText(value, safe) : value);
  if (Array.isArray(value)) return value.map((each) => openedValue(each, safe, volatile));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [volatile.get(key) ?? key, openedValue(each, safe, volatile)]),
  );
}

/** A digest looks like a sealed value, and is what it is. */
function openedText(text: string, safe: Safe): unknown {
  let opened: unknown;
  try {
    opened = safe.open(text as Sealed<unknown>);
  } catch {
    return text;
  }
  return opened === undefined ? text : { opened };
}
