import type { Event } from '../event-store/event.js';
import type { Sealed } from '../vault/vault.js';

/** How a sentence names what an event knows by a code or holds sealed. */
export interface Words {
  course(code: string): string;
  major(code: string): string;
  period(code: string): string;
  /** Undefined where it is not to be shown, or cannot be opened any more. */
  open<T>(sealed: Sealed<T>): T | undefined;
  /** How the number of an identity document is written, once it is opened: it may be masked. */
  idNo(number: string): string;
}

/** For each event type of a module, what it says in Chinese, without the full stop. */
export type Sentences<E extends Event> = {
  readonly [Type in E['type']]: (data: Extract<E, { type: Type }>['data'], words: Words) => string;
};

/** Part of a sentence that is left out where there is nothing to say. */
export function given<T>(value: T | undefined, say: (value: T) => string): string {
  return value === undefined ? '' : say(value);
}
