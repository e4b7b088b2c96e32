import { randomUUID } from 'node:crypto';
import { withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { RecordViewing } from '../../office/record-viewing.command.js';
import type { Settings } from '../../settings/settings.js';
import { looksSealed } from '../../vault/sealed-text.js';
import type { Safe, Sealed, Vault } from '../../vault/vault.js';
import { signedInOfficer } from '../acting/acting-officer.js';
import { WrongUse } from '../program/errors.js';

/** Whether people are shown, to whom where that is said, and why. */
export interface Revealing {
  readonly reveal: boolean;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** Who looks, by the command line or else by who has signed in, and why. */
export interface Viewer {
  readonly by: string | undefined;
  readonly reason: string;
}

/** Undefined where nothing personal is to be shown. @throws WrongUse where it is not said why */
export function viewerOf({ reveal, by, reason }: Revealing): Viewer | undefined {
  if (!reveal) {
    if (by !== undefined || reason !== undefined) throw new WrongUse('conflicting_options', '--by 和 --reason 只与 --reveal 一起使用');
    return undefined;
  }
  if (reason === undefined) throw new WrongUse('missing_option', '--reveal 还要写明 --reason：为什么看');
  return { by, reason };
}

/** Records that somebody looks at candidates, and why; only then their values are opened. @param what is shown */
export function revealed<T>(
  settings: Settings,
  { by, reason }: Viewer,
  candidateIds: readonly string[],
  what: string,
  open: (vault: Vault) => Promise<T>,
): Promise<T> {
  return withDomain(settings, async ({ commands, clock, vault, events }) => {
    const { account } = await signedInOfficer(by, 'reveal_persons', { settings, events });
    const viewing = new RecordViewing(givenAt(clock.instant()), candidateIds, what, reason);
    await causedBy({ by: `office:${account}`, origin: 'office', correlation: randomUUID() }, () => commands.execute(viewing));
    return open(vault);
  });
}

const SEALED = '〔密封〕';
/** What nobody needs to see of a document. */
const NEVER_OPENED = new Set(['password']);

/** A document of a candidate with its sealed values opened, but for hashes of passwords. */
export function openedJson(value: unknown, safe: Safe): unknown {
  if (typeof value === 'string') return looksSealed(value) ? openedText(value, safe) : value;
  if (Array.isArray(value)) return value.map((each) => openedJson(each, safe));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, NEVER_OPENED.has(key) ? SEALED : openedJson(each, safe)]));
}

/** Digests and the like look sealed and cannot be opened; a forgotten candidate's values neither. */
function openedText(text: string, safe: Safe): unknown {
  try {
    return safe.open(text as Sealed<unknown>) ?? SEALED;
  } catch {
    return SEALED;
  }
}
