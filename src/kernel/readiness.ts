/**
 * Whom an ailment concerns. `process`: another process may do better, and a proxy should choose that one. `everywhere`: all
 * processes are alike in it, and a proxy that left each of them alone would have none.
 */
export interface Ailment {
  readonly of: 'process' | 'everywhere';
  /** For operators; without personal data. */
  readonly says: string;
}

/** What `/health/ready` answers: `degraded` gets requests all the same. */
export interface ReadinessState {
  readonly status: 'ready' | 'degraded' | 'not ready';
  /** By name, what is wrong. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** Whether this process should get requests, by what each part of it says of itself under a name. */
export class Readiness {
  private readonly parts = new Map<string, () => Ailment | undefined>();

  /** @param look answers at once, and undefined while all is well */
  watch(name: string, look: () => Ailment | undefined): void {
    this.parts.set(name, look);
  }

  state(): ReadinessState {
    const ailing = [...this.parts].flatMap(([name, look]) => {
      const ailment = look();
      return ailment ? [{ name, ...ailment }] : [];
    });
    const reasons = Object.fromEntries(ailing.map(({ name, says }) => [name, says]));
    if (ailing.length === 0) return { status: 'ready', reasons };
    return { status: ailing.some((ailment) => ailment.of === 'process') ? 'not ready' : 'degraded', reasons };
  }
}
