/** A store does not answer now; nothing is known to be wrong with what was asked of it: try again. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
}
