import { HttpException } from '@nestjs/common';

/** One candidate has asked for more than its share of what all need. */
export class TooMany extends HttpException {
  /** @param seconds after which asking again makes sense */
  constructor(
    what: string,
    readonly seconds: number,
  ) {
    super(`too many ${what}; again in ${seconds} s`, 429);
  }
}
