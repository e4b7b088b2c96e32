/** Seconds that whoever is turned away is asked to stay away at least: asking again at once would only add to the crowd. */
const SHORTEST_STAY = 2;
/** How much one more piece of work changes what is known of how long one takes. */
const NEWEST_SHARE = 0.1;
/** What a check of a password takes where none was timed yet, in milliseconds. */
const FIRST_GUESS = 15;

/** More is asked for than can be done in time: nothing was begun. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy';
  /** @param seconds after which asking again makes sense */
  constructor(readonly seconds: number) {
    super(`too many passwords are to be checked; again in ${seconds} s`);
  }
}

/** Work that takes a core each: so much at a time, the others in their order, and no more than a few seconds' worth of them. */
export class HashingQueue {
  private readonly waiting: (() => void)[] = [];
  private working = 0;
  private taking = FIRST_GUESS;

  constructor(
    readonly atATime: number,
    readonly mostWaiting: number,
  ) {}

  /** Asked for and not done yet. */
  get inHand(): number {
    return this.working + this.waiting.length;
  }

  /** That what is asked for now is begun at once. */
  get idle(): boolean {
    return this.working < this.atATime;
  }

  /** @throws TooBusy where there is no room */
  assertRoom(): void {
    if (!this.idle && this.waiting.length >= this.mostWaiting) throw new TooBusy(Math.max(SHORTEST_STAY, Math.ceil(this.wait() / 1_000)));
  }

  /** @throws TooBusy where there is no room */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.assertRoom();
    if (this.idle) this.working += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    const begun = performance.now();
    try {
      return await work();
    } finally {
      this.taking += (performance.now() - begun - this.taking) * NEWEST_SHARE;
      this.next();
    }
  }

  /** Milliseconds until what waits now is done. */
  private wait(): number {
    return (this.inHand * this.taking) / this.atATime;
  }

  private next(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.working -= 1;
  }
}
