/** A store cannot be used now. The request itself may be valid and can be retried. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
}
