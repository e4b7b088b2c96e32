/** Real-name level 实名等级: 1 none; 2 name and number, or Alipay; 3 face or bank card; 4 in person at a service hall (docs/domain.md, "Words"). */
export type RealNameLevel = 1 | 2 | 3 | 4;

/** Whom the platform has shown a person to be, as it writes the name and the number of the document. */
export interface Identity {
  readonly name: string;
  readonly idNo: string;
  readonly level: RealNameLevel;
}

/** A visit to the platform. */
export interface Begun {
  /** Where the browser goes. */
  readonly address: string;
  /** What the platform gives back in the query's `state`: by it the visit is told from others of the same browser. */
  readonly state: string;
  /** What `finish` needs of it; the browser keeps it and can neither read nor change it. */
  readonly kept: string;
}

/**
 * Why nobody is known after all. `denied`: the person did not agree, or went back; `stale`: not the end of the visit that was
 * begun, or one that was ended already; `unavailable`: the platform does not answer, or says that it cannot; `nonsense`: it
 * answers what cannot be believed or read.
 */
export type SignOnFailure = 'denied' | 'stale' | 'unavailable' | 'nonsense';

export class SignOnFailed extends Error {
  override readonly name = 'SignOnFailed';

  /** @param reason a word for the log with nothing of a person's in it */
  constructor(
    readonly failure: SignOnFailure,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`single sign-on failed: ${failure}, ${reason}`, options);
  }
}

/**
 * 北京通, as far as the centre needs it: the browser goes there and comes back to an address of ours with something in its
 * query, by which the platform tells this server, and only this server, who the person is. A code, or a ticket that is exchanged with
 * signed calls.
 */
export abstract class SingleSignOn {
  /** Whether a platform is set at all. */
  abstract readonly isOffered: boolean;

  /**
   * @param callback the address of ours to which the platform sends the browser back
   * @throws SignOnFailed
   */
  abstract begin(callback: string): Promise<Begun>;

  /**
   * @param query what the browser came back with: anything at all
   * @param kept of the visit that this browser began
   * @throws SignOnFailed
   */
  abstract finish(query: URLSearchParams, kept: string): Promise<Identity>;
}

/** Where no platform is set. */
export class UnconfiguredSingleSignOn extends SingleSignOn {
  override readonly isOffered = false;

  override async begin(): Promise<never> {
    throw new SignOnFailed('unavailable', 'not set');
  }

  override async finish(): Promise<never> {
    throw new SignOnFailed('unavailable', 'not set');
  }
}
