import { HttpException } from '@nestjs/common';

/** 429: one candidate exceeds its share of a limited resource. */
export class TooManyRequests extends HttpException {
  /** @param seconds after which to retry */
  constructor(
    what: string,
    readonly seconds: number,
  ) {
    super(`too many ${what}; again in ${seconds} s`, 429);
  }
}
