/**
 * Nobody is known by a number or an id in what this process reads, and that has not seen all that was recorded: nothing was checked,
 * and nothing can be said.
 */
export class StillUpdating extends Error {
  override readonly name = 'StillUpdating';
  /** @param seconds after which asking again makes sense */
  constructor(readonly seconds: number) {
    super(`the candidates are being read; again in ${seconds} s`);
  }
}
