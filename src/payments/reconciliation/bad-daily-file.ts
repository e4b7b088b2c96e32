/** The platform's daily file is incomplete or not as docs/payment-platform.md describes it: nothing of it is used. */
export class BadDailyFile extends Error {
  override readonly name = 'BadDailyFile';
}
