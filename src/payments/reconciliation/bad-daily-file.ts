/** The platform's daily file is not as docs/payment-platform.md says, or not whole: nothing of it is used. */
export class BadDailyFile extends Error {
  override readonly name = 'BadDailyFile';
}
