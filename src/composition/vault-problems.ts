import { START } from '../event-store/event.js';
import type { EventStore, Filter } from '../event-store/event-store.js';
import { readableEvents } from '../event-store/reading/fold-history.js';
import type { Problem } from '../read-models/verifying/problems.js';
import { identifiersIn } from '../registrations/identifiers.js';
import type { RegistrationEvent } from '../registrations/registrations.events.js';
import { candidateStream } from '../registrations/registrations.streams.js';
import { RESTORE } from '../sqlite/remedies.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import type { FoundBy, InspectedRow, Vault } from '../vault/vault.js';

/** Registrations and forgettings of a page of the log, whose candidates are compared together. */
const PAGE = 200;
/** Ids that a sentence names. */
const MAX_NAMED = 3;

type Followed = Extract<RegistrationEvent, { type: 'CandidateRegistered' | 'CandidateForgotten' }>;
const FOLLOWED: Filter = { types: ['CandidateRegistered', 'CandidateForgotten'] satisfies Followed['type'][] };

/** What is wrong with a candidate in the vault, by the log. */
type Fault = 'missing' | 'key' | 'sealed' | 'number' | 'person' | 'tombstone' | 'kept';

/** By fault, what is said of so many candidates. */
const SENTENCES: Readonly<Record<Fault, (candidates: string) => string>> = {
  missing: (candidates) => `密钥库（vault）中没有日志里的 ${candidates}，资料打不开`,
  key: (candidates) => `密钥库（vault）已损坏：${candidates}的密钥打不开`,
  sealed: (candidates) => `日志或密钥库（vault）已损坏：${candidates}登记的资料打不开`,
  number: (candidates) => `密钥库（vault）已损坏：${candidates}按准考证号找不到`,
  person: (candidates) => `密钥库（vault）与日志不符：${candidates}按证件号码和姓名找不到`,
  tombstone: (candidates) => `密钥库（vault）与日志不符：不再认得已删除的 ${candidates}`,
  kept: (candidates) => `密钥库（vault）与日志不符：已删除的 ${candidates}还在其中`,
};
/** Faults that are mended by what the log says. */
const MENDABLE: ReadonlySet<Fault> = new Set(['person', 'tombstone', 'kept']);

interface FaultyCandidate {
  readonly id: string;
  readonly fault: Fault;
  mend(vault: Vault): Promise<void>;
}

/**
 * Compares the vault with the log as a whole: each registered candidate who is not forgotten is there, the key opens what was registered,
 * and the numbers and the name find the candidate; each forgotten one is gone and is recognised by the number.
 * @param options with `repair`, what can be made anew from the log is written
 */
export async function problemsOfVault(events: EventStore, vault: Vault, { repair = false } = {}): Promise<readonly Problem[]> {
  const found = new Set<string>();
  for await (const ids of candidatesIn(events)) for (const { id } of await faultyAmong(ids, events, vault)) found.add(id);
  const suspects = [...found];
  const faulty: FaultyCandidate[] = [];
  // once more: what was recorded meanwhile is followed by the vault a moment later
  for (let from = 0; from < suspects.length; from += PAGE) faulty.push(...(await faultyAmong(suspects.slice(from, from + PAGE), events, vault)));
  const left = repair ? faulty.filter(({ fault }) => !MENDABLE.has(fault)) : faulty;
  if (repair) for (const each of faulty) if (MENDABLE.has(each.fault)) await each.mend(vault);
  const officers = await vault.inspection.unusableOfficers();
  const ofOfficers: readonly Problem[] =
    officers.length === 0 ? [] : [{ kind: 'store', says: `密钥库（vault）已损坏：账号 ${named(officers)} 的密钥打不开。${RESTORE}`, cure: [] }];
  return [...[...Map.groupBy(left, ({ fault }) => fault)].map(([fault, candidates]) => problemOf(fault, candidates)), ...ofOfficers];
}

function problemOf(fault: Fault, candidates: readonly FaultyCandidate[]): Problem {
  const says = SENTENCES[fault](`${candidates.length} 位考生（${named(candidates.map(({ id }) => id))}）`);
  return MENDABLE.has(fault) ? { kind: 'store', says, cure: [{ kind: 'repair-vault' }] } : { kind: 'store', says: `${says}。${RESTORE}`, cure: [] };
}

function named(ids: readonly string[]): string {
  return ids.slice(0, MAX_NAMED).join('、') + (ids.length > MAX_NAMED ? ' 等' : '');
}

/** All candidates of the log; one who was forgotten comes again. */
async function* candidatesIn(events: EventStore): AsyncGenerator<readonly string[]> {
  for (let position = START, end = false; !end; ) {
    const page = await events.read(position, PAGE, FOLLOWED);
    const ids = new Set(readableEvents<Followed>(page.events).map(({ data }) => data.candidateId));
    if (ids.size > 0) yield [...ids];
    ({ position, end } = page);
  }
}

async function faultyAmong(ids: readonly string[], events: EventStore, vault: Vault): Promise<readonly FaultyCandidate[]> {
  const rows = await vault.inspection.rows(ids);
  const histories = await events.streams(ids.map((id) => candidateStream(id).name));
  const tombstones = histories.map((history) => tombstoneIn(readableEvents<RegistrationEvent>(history)));
  const buried = tombstones.flatMap((each) => each?.tombstone ?? []);
  const known = buried.length > 0 ? await vault.inspection.haveTombstones(buried) : [];
  const recognised = new Set(buried.filter((_, at) => known[at]));
  const unknown = ids.filter((_, at) => !rows[at] && !tombstones[at]);
  const wereErased = unknown.length > 0 ? await vault.inspection.wereErased(unknown) : [];
  const erased = new Set(unknown.filter((_, at) => wereErased[at]));
  return ids.flatMap((id, at): readonly FaultyCandidate[] => {
    const [row, forgotten] = [rows[at], tombstones[at]];
    if (forgotten) {
      const { tombstone } = forgotten;
      const mend = (mended: Vault) => mended.forget(id, tombstone);
      if (row) return [{ id, fault: 'kept', mend }];
      return tombstone !== undefined && !recognised.has(tombstone) ? [{ id, fault: 'tombstone', mend }] : [];
    }
    if (erased.has(id)) return [];
    const found = row ? faultOf(row, readableEvents<RegistrationEvent>(histories[at] ?? [])) : ({ fault: 'missing' } as const);
    if (!found) return [];
    return [{ id, fault: found.fault, mend: async (mended) => (found.person ? mended.identify([found.person]) : undefined) }];
  });
}

/** What was recorded when a candidate was forgotten. */
function tombstoneIn(history: ReturnType<typeof readableEvents<RegistrationEvent>>): { readonly tombstone?: string } | undefined {
  for (const { type, data } of history) if (type === 'CandidateForgotten') return data;
  return undefined;
}

function faultOf(
  row: InspectedRow,
  history: ReturnType<typeof readableEvents<RegistrationEvent>>,
): { readonly fault: Fault; readonly person?: FoundBy } | undefined {
  const { id, safe } = row;
  if (!safe) return { fault: 'key' };
  try {
    const identifiers = identifiersIn(history, safe);
    if (!identifiers) return undefined;
    if (!row.hasNumber(identifiers.admissionNo)) return { fault: 'number' };
    return row.hasPerson(identifiers) ? undefined : { fault: 'person', person: { id, ...identifiers } };
  } catch (error) {
    if (error instanceof DamagedFile) return { fault: 'sealed' };
    throw error;
  }
}
