/** A store does not answer now. The request itself may be valid: it can be retried. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
}
