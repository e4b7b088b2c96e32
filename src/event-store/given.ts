import { v7 as newId } from 'uuid';
import type { Given } from './decider.js';

/**
 * The `Given` of a command.
 * @param at ISO 8601, UTC
 * @param id given when repeats of the command must be recognised
 */
export function givenAt(at: string, id = newId()): Given {
  return { id, at };
}
