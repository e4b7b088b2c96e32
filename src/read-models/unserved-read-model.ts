import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { Remedy } from './remedies.js';

/** What is served of a read model cannot be read as this release asks, until an operator has served another build. */
export class UnservedReadModel extends StoreUnavailable {
  constructor(
    message: string,
    readonly remedies: readonly Remedy[],
  ) {
    super(message);
  }
}
