/** Real-name level 实名等级: 1 none; 2 name and number, or Alipay; 3 face or bank card; 4 in person at a service hall (docs/domain.md, "Words"). */
export type RealNameLevel = 1 | 2 | 3 | 4;

/** The person, with the name and number as the platform writes them. */
export interface Identity {
  readonly name: string;
  readonly idNo: string;
  readonly level: RealNameLevel;
}

/** A visit to the platform that is to begin. */
export interface AuthorizationRequest {
  /** The address to which the browser is redirected. */
  readonly address: string;
  /** The `state` that the platform returns in the query: it tells the visits of one browser apart. */
  readonly state: string;
  /** What `finish` needs; the browser keeps it in an encrypted cookie. */
  readonly kept: string;
}

/**
 * Why a visit failed. `denied`: the person did not agree, or went back; `stale`: it is not the visit that was begun, or was finished
 * before; `unavailable`: the platform does not answer, or cannot now; `nonsense`: its answer is malformed or not trustworthy.
 */
export type SignOnFailure = 'denied' | 'stale' | 'unavailable' | 'nonsense';

export class SignOnFailed extends Error {
  override readonly name = 'SignOnFailed';

  /** @param reason for the log, without personal data */
  constructor(
    readonly failure: SignOnFailure,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`single sign-on failed: ${failure}, ${reason}`, options);
  }
}

/**
 * Single sign-on by 北京通: the browser is sent there and comes back with a code or ticket in the query, which this server exchanges for
 * the person's identity.
 */
export abstract class SingleSignOn {
  /** Whether the settings name a platform. */
  abstract readonly isOffered: boolean;

  /**
   * @param callback the address of ours to which the platform sends the browser back
   * @throws SignOnFailed
   */
  abstract begin(callback: string): Promise<AuthorizationRequest>;

  /**
   * @param query of the callback, unchecked
   * @param kept of the visit that this browser began
   * @throws SignOnFailed
   */
  abstract finish(query: URLSearchParams, kept: string): Promise<Identity>;
}

/** Where the settings name no platform. */
export class UnconfiguredSingleSignOn extends SingleSignOn {
  override readonly isOffered = false;

  override async begin(): Promise<never> {
    throw new SignOnFailed('unavailable', 'not set');
  }

  override async finish(): Promise<never> {
    throw new SignOnFailed('unavailable', 'not set');
  }
}
