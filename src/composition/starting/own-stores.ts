import { randomUUID } from 'node:crypto';
import { opendir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogReplaced } from '../../event-store/append.js';
import { type Recorded, START } from '../../event-store/event.js';
import type { EventPage, EventStore, Filter } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { errorCode } from '../../kernel/error-code.js';
import { inheritOwner, makeFolder } from '../../kernel/file-owner.js';
import type { RegistrationEvent } from '../../registrations/registrations.events.js';
import { candidateStream } from '../../registrations/registrations.streams.js';
import { changeOfNumber } from '../../registrations/vault-erasures.js';
import type { StoreSettings } from '../../settings/settings.js';
import { RESTORE } from '../../sqlite/remedies.js';
import { damagedVault } from '../../vault/master-key.js';
import { ForgottenSafe } from '../../vault/safe.js';
import type { LogCheckpoint, Vault } from '../../vault/vault.js';
import { isVaultMissing } from '../stores.js';

/** The vault or the photos do not belong to the log, or a part of them is missing; the message says which, and what to do. */
export class UnusableStore extends Error {
  override readonly name = 'UnusableStore';

  constructor(what: string, remedy = RESTORE) {
    super(`${what}。${remedy}`);
  }
}

const FORGOTTEN: RegistrationEvent['type'] = 'CandidateForgotten';
const REGISTERED: Filter = { types: ['CandidateRegistered'] satisfies RegistrationEvent['type'][] };
const COUNTED: Filter = { types: ['CandidateRegistered', FORGOTTEN] satisfies RegistrationEvent['type'][] };
const PAGE = 1_000;
/** The file in the folder of photos with the id of their installation. */
const ID_FILE = 'installation';

/** What the candidates of a log and a vault are compared by. */
export type LogToCompare = Pick<EventStore, 'read' | 'streams'>;
export type VaultToCompare = Pick<Vault, 'safes' | 'inspection'>;

/**
 * Asserts that a vault exists if the log needs one. Nothing is created.
 * @throws UnusableStore
 */
export async function assertVaultThere(settings: StoreSettings, events: EventStore): Promise<void> {
  if (!isVaultMissing(settings)) return;
  for await (const page of pages(events, START, { prefix: candidateStream('').name })) {
    const [first] = page.events;
    if (first) throw new UnusableStore(`${settings.DATA_DIR} 中没有 vault.sqlite，而日志中有考生：没有它，考生的资料打不开`);
  }
}

/**
 * Asserts that the vault and the photos in `folder` are of the log's installation and as new as the log. Nothing is written.
 * @throws UnusableStore, StoreUnavailable
 */
export async function assertOwnStores(events: EventStore, vault: Vault, folder: string, installation: string): Promise<void> {
  const owner = await vault.owner();
  if (owner && owner.installation !== installation) {
    throw new UnusableStore(`密钥库（vault）属于安装 ${owner.installation}，而日志属于 ${installation}：请检查 DATA_DIR、READ_MODELS_URL 和 EVENT_STORE_URL`);
  }
  const mark = await vault.forgottenUpTo();
  if (mark) await assertLogAsNew(events, mark);
  await assertHoldsRegistered(events, vault, mark);
  await assertOwnPhotos(events, vault, folder, installation, owner?.hasPhotos === true);
}

/** Notes in the vault and in `folder` that they are of this installation. */
export async function claimStores(vault: Vault, folder: string, installation: string): Promise<void> {
  const owner = await vault.owner();
  const hasPhotos = owner?.hasPhotos === true || (await anyPhoto(folder)) !== undefined;
  if (owner?.installation !== installation || owner.hasPhotos !== hasPhotos) await vault.setOwner({ installation, hasPhotos });
  if ((await installationOf(folder)) !== undefined) return;
  makeFolder(folder);
  const draft = join(folder, `${ID_FILE}.${randomUUID()}`);
  await writeFile(draft, `${installation}\n`, { mode: 0o600, flush: true });
  inheritOwner(draft);
  await rename(draft, join(folder, ID_FILE));
}

/** A log on a server that ends early is not refused: the node may have yet to catch up with the others. */
async function assertLogAsNew(events: EventStore, { position, eventId }: LogCheckpoint): Promise<void> {
  const isBeyond = !events.mayLag && position > (await events.head());
  if (isBeyond || (await isAnotherEvent(events, position, eventId))) {
    throw new UnusableStore(`日志比密钥库（vault）旧，或是另外的日志：密钥库见过位置 ${position} 的事件，日志中没有`);
  }
}

/** An event that is missing in the middle of a log may have been deleted by the server's administrator. */
async function isAnotherEvent(events: EventStore, position: string, eventId: string): Promise<boolean> {
  try {
    const there = await events.at(position);
    return there !== undefined && there.id !== eventId;
  } catch (error) {
    if (error instanceof LogReplaced) return true;
    throw error;
  }
}

/**
 * That each candidate of the log is in the vault who is registered there and not forgotten, and is found by the admission number.
 * @throws UnusableStore, DamagedFile, which name one who is not
 */
export async function assertHoldsAll(events: LogToCompare, vault: VaultToCompare): Promise<void> {
  for await (const page of pages(events, START, REGISTERED)) {
    await assertHolds(events, vault, page);
    const registered = readableEvents<Extract<RegistrationEvent, { type: 'CandidateRegistered' }>>(page.events);
    const rows = await vault.inspection.rows(registered.map(({ data }) => data.candidateId));
    for (const [at, { data }] of registered.entries()) {
      const row = rows[at];
      const person = row?.safe?.open(data.person);
      if (row && person && !row.hasNumber(person.admissionNo)) throw damagedVault(`考生 ${row.id} 按准考证号找不到`);
    }
  }
}

/** The same of those since the mark; of those before it their number is compared, which the vault keeps. A row that nobody is registered by may hide one that is gone. */
async function assertHoldsRegistered(events: EventStore, vault: Vault, mark: LogCheckpoint | undefined): Promise<void> {
  let registered = mark ? mark.candidates : 0;
  let position = mark?.position ?? START;
  for await (const page of pages(events, position, COUNTED)) {
    await assertHolds(events, vault, page);
    const counted = page.events as readonly Recorded<RegistrationEvent>[];
    if (registered !== undefined) registered = counted.reduce((total, event) => total + changeOfNumber(event), registered);
    position = page.position;
  }
  if (registered === undefined || events.mayLag) return;
  const rows = await vault.inspection.count();
  let forgottenSince = 0;
  for await (const page of pages(events, position, COUNTED)) forgottenSince += page.events.filter(({ type }) => type === FORGOTTEN).length;
  if (rows >= registered - forgottenSince) return;
  await assertHoldsAll(events, vault); // it may be one whom the vault has erased after a backup had copied the log
}

/** A vault row is written before its candidate's first event. */
async function assertHolds(events: LogToCompare, vault: VaultToCompare, page: EventPage): Promise<void> {
  const registered = page.events.filter(({ type }) => type !== FORGOTTEN).flatMap(({ subject }) => subject ?? []);
  const [missing] = await missingIn(events, vault, registered);
  if (missing !== undefined) throw new UnusableStore(`密钥库（vault）比日志旧，或是丢了内容：日志中有它没有的考生，例如 ${missing}`);
}

async function assertOwnPhotos(events: EventStore, vault: Vault, folder: string, installation: string, hadPhotos: boolean): Promise<void> {
  const marked = await installationOf(folder);
  if (marked !== undefined) {
    if (marked !== installation) throw new UnusableStore(`${folder} 中的照片属于安装 ${marked}，而日志属于 ${installation}：请检查 DATA_DIR`);
    return;
  }
  const photo = await anyPhoto(folder);
  if (photo === undefined && hadPhotos) {
    throw new UnusableStore(
      `照片不见了：${folder} 是空的`,
      `${RESTORE}；如果照片已经无法找回，请建立这个文件夹，在其中的文件 ${ID_FILE} 里写入 ${installation}，考生的照片将显示为没有`,
    );
  }
  const [candidate = ''] = photo?.split('.') ?? [];
  if (photo !== undefined && (await missingIn(events, vault, [candidate])).length > 0) {
    throw new UnusableStore(`${folder} 中有日志里没有的考生的照片，例如 ${candidate}：属于另外的安装，请检查 DATA_DIR`);
  }
}

/** The candidates without a key in the vault whom neither the log nor the vault itself has forgotten. */
async function missingIn(events: LogToCompare, vault: VaultToCompare, ids: readonly string[]): Promise<readonly string[]> {
  const withoutKey = (await vault.safes(ids)).filter((safe) => safe instanceof ForgottenSafe).map(({ id }) => id);
  const histories = await events.streams(withoutKey.map((id) => candidateStream(id).name));
  const missing = withoutKey.filter((_, at) => !histories[at]?.some(({ type }) => type === FORGOTTEN));
  const wereErased = missing.length > 0 ? await vault.inspection.wereErased(missing) : [];
  return missing.filter((_, at) => !wereErased[at]);
}

async function* pages(events: Pick<EventStore, 'read'>, from: string, filter: Filter): AsyncGenerator<EventPage> {
  for (let after = from, end = false; !end; ) {
    const page = await events.read(after, PAGE, filter);
    yield page;
    ({ position: after, end } = page);
  }
}

async function installationOf(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, ID_FILE), 'utf8')).trim() || undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The name of a photo's file, which begins with its candidate's id and a dot; undefined where there is none. */
async function anyPhoto(folder: string): Promise<string | undefined> {
  for (const subfolder of await firstEntries(folder)) {
    const photo = (await firstEntries(join(folder, subfolder))).find((name) => name.split('.').length === 2);
    if (photo !== undefined) return photo;
  }
  return undefined;
}

/** A limit, because a folder may have hundreds of thousands of files. */
const MAX_ENTRIES = 256;

async function firstEntries(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      names.push(name);
      if (names.length >= MAX_ENTRIES) break;
    }
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
  }
  return names;
}
