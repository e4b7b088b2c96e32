import type { Stream } from '../../event-store/event.js';

/** Everything about an account. The name of the account is its id. */
export const officerStream = (officer: string): Stream => ({ name: `officer-${officer}` });
