import { v7 as newId } from 'uuid';
import type { Given } from './decider.js';

/**
 * A command of that moment.
 * @param at ISO 8601, UTC
 * @param id where it is known again by one; a new one otherwise
 */
export function givenAt(at: string, id = newId()): Given {
  return { id, at };
}
