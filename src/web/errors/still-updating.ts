/** The candidates' read model lags and does not hold a number or an id: whether it exists is unknown. */
export class StillUpdating extends Error {
  override readonly name = 'StillUpdating';
  /** @param seconds after which to retry */
  constructor(readonly seconds: number) {
    super(`the candidates are being read; again in ${seconds} s`);
  }
}
