import { LoginRateLimiter } from '../../identity/throttling/login-rate-limiter.js';
import type { Delay } from '../../identity/throttling/rate-limits.js';
import { Clock } from '../../kernel/clock.js';
import { Vault } from '../../vault/vault.js';
import { hasFactor, type OfficerAccount } from '../officers/officer.decider.js';
import type { FactorProof } from '../officers/officers.events.js';
import { codeDigest } from '../officers/one-time-codes.js';
import { isTotpCode, totpStep } from './totp.js';

/** What a typed code proves; neither when it is wrong. `delay`: it was not looked at, because too many were wrong. */
export interface CheckedFactor {
  readonly proof?: FactorProof | undefined;
  readonly delay?: Delay | undefined;
}

/** Checks second factors as people type them, throttled as passwords are. */
export class FactorCheck {
  constructor(
    private readonly rateLimiter: LoginRateLimiter,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** Whether there is anything to check against, other than recovery codes. */
  isEnrolled(account: OfficerAccount): boolean {
    return hasFactor(account);
  }

  /** @param address of the client */
  async check(account: string, { factor, recovery }: OfficerAccount, typed: string, address: string): Promise<CheckedFactor> {
    const code = typed.normalize('NFKC').replace(/\s/g, '');
    return this.throttled(account, address, async () => {
      const safe = await this.vault.officerSafe(account);
      if (!isTotpCode(code)) {
        const digest = codeDigest(safe, code);
        return recovery.has(digest) ? { recovery: digest } : undefined;
      }
      const secret = factor && safe.open(factor); // none where a passkey is the only factor
      const step = secret === undefined ? undefined : totpStep(secret, code, this.clock.now());
      return step === undefined ? undefined : { step };
    });
  }

  /** The proof that `work` finds in what a browser has answered. */
  checkPasskey(account: string, address: string, work: () => Promise<FactorProof | undefined>): Promise<CheckedFactor> {
    return this.throttled(account, address, work);
  }

  /** A code against a secret that is not recorded yet. */
  checkNew(
    account: string,
    secret: string,
    typed: string,
    address: string,
  ): Promise<{ readonly proof?: { readonly step: number } | undefined; readonly delay?: Delay }> {
    return this.throttled(account, address, async () => {
      const step = totpStep(secret, typed.normalize('NFKC').replace(/\s/g, ''), this.clock.now());
      return step === undefined ? undefined : { step };
    });
  }

  private async throttled<Proof>(account: string, address: string, work: () => Promise<Proof | undefined>) {
    const attempt = { account: `office factor ${account}`, address };
    const { delay, done } = await this.rateLimiter.throttled(attempt, work, (proof) => proof !== undefined);
    return delay ? { delay } : { proof: done };
  }
}
