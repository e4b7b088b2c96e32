/**
 * A failed health check. Scope `process`: other processes may be healthy, so a proxy should prefer them. Scope `everywhere`: all
 * processes have it, so a proxy must not take each of them out of service.
 */
export interface HealthProblem {
  readonly scope: 'process' | 'everywhere';
  /** For operators; without personal data. */
  readonly reason: string;
}

/** What `/health/ready` answers: `degraded` gets requests all the same. */
export interface ReadinessState {
  readonly status: 'ready' | 'degraded' | 'not ready';
  /** By name, what is wrong. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** Whether this process should get requests: the result of named health checks. */
export class Readiness {
  private readonly checks = new Map<string, () => HealthProblem | undefined>();

  /** @param check returns undefined while healthy; it must return immediately */
  addCheck(name: string, check: () => HealthProblem | undefined): void {
    this.checks.set(name, check);
  }

  state(): ReadinessState {
    const failed = [...this.checks].flatMap(([name, check]) => {
      const problem = check();
      return problem ? [{ name, ...problem }] : [];
    });
    const reasons = Object.fromEntries(failed.map(({ name, reason }) => [name, reason]));
    if (failed.length === 0) return { status: 'ready', reasons };
    return { status: failed.some((problem) => problem.scope === 'process') ? 'not ready' : 'degraded', reasons };
  }
}
