import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { knownCommands } from '../../../src/cli/known-commands.js';
import { failureOf } from '../../../src/cli/program/failures.js';
import { assertNeeded } from '../../../src/cli/program/needed-data.js';
import { Output } from '../../../src/cli/program/output.js';
import type { ShownProblem } from '../../../src/cli/program/remedies.js';
import { readSettings } from '../../../src/settings/settings.js';
import { REBUILD, RESTORE } from '../../../src/sqlite/remedies.js';
import { pastTriggers } from '../../event-store/sqlite/past-triggers.js';
import { admissionNo, writeBatch } from '../../imports/batch.js';
import { told } from '../told.js';
import { registryDamages, setInRegistry } from './registry-damages.js';
import { FIRST, vaultDamages } from './vault-damages.js';

type Found = Pick<ShownProblem, 'says' | 'cure'>;

/** Folders: `own` and `other` are data of two installations, `older` is `own` before its last import, `backup` a backup of `own`. */
const kept = mkdtempSync(join(tmpdir(), 'damaged-centre-'));
let data: string;

beforeAll(async () => {
  const at = (name: string) => ({ DATA_DIR: join(kept, name) });
  const imported = async (name: string, candidates: number) => {
    const folder = mkdtempSync(join(kept, 'batch-'));
    await writeBatch(folder, { candidates });
    for (const args of [['import', folder], ['catch-up']]) expect(await told(args, at(name))).toMatchObject({ code: 0 });
  };
  await imported('other', 2);
  await imported('own', 2);
  cpSync(join(kept, 'own'), join(kept, 'older'), { recursive: true });
  keepPhoto(join(kept, 'own')); // the import notes in the vault that there is one
  await imported('own', 4);
  const forgetting = ['forget', admissionNo(3), '--by', 'office', '--reason', 'asked', '--yes'];
  for (const args of [['office', 'add', 'office', '--role', 'city'], forgetting, ['catch-up']]) expect(await told(args, at('own'))).toMatchObject({ code: 0 });
  expect(await told(['backup', join(kept, 'backup')], at('own'))).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(kept, { recursive: true }));
beforeEach(() => {
  data = mkdtempSync(join(kept, 'copy-'));
  cpSync(join(kept, 'own'), data, { recursive: true });
});

function sql(file: string, text: string, folder = data): void {
  const db = new DatabaseSync(join(folder, file));
  db.exec(text);
  db.close();
}

/** A photo of the first candidate, which nobody opens here. */
function keepPhoto(folder: string): void {
  const db = new DatabaseSync(join(folder, 'read-models.sqlite'), { readOnly: true });
  const { id } = db.prepare('SELECT min(key) AS id FROM "candidate@1"').get() as { id: string };
  db.close();
  mkdirSync(join(folder, 'photos', 'ab'));
  writeFileSync(join(folder, 'photos', 'ab', `${id}.sealed`), 'a photo');
}

const inReadModels = (text: string) => sql('read-models.sqlite', text);

/** With what SQLite keeps beside it. */
function remove(name: string): void {
  for (const file of readdirSync(data)) if (file.startsWith(name)) rmSync(join(data, file), { recursive: true });
}

function take(from: string, ...names: readonly string[]): void {
  for (const name of names) {
    remove(name);
    cpSync(join(kept, from, name), join(data, name), { recursive: true });
  }
}

interface Damage {
  readonly name: string;
  /** What is said of it. */
  readonly named: RegExp;
  make(): void;
}

const checkpoint = (position: string) => inReadModels(`UPDATE checkpoints SET position = '${position}', event_id = 'of nobody' WHERE read_model = 'bills@2'`);

const damages: readonly Damage[] = [
  {
    name: 'a document that says something else',
    named: /^bills@2 有 1 个文档不符/,
    make: () => inReadModels(of('bills@2', "document = '{}'")),
  },
  {
    name: 'an index column that says something else',
    named: /^payment-dues@2 有 1 个文档不符/,
    make: () => inReadModels(of('payment-dues@2', `"by at" = 'x'`)),
  },
  {
    name: 'a row of a lookup that is gone',
    named: /^sittings@2 有 1 个文档不符/,
    make: () => inReadModels('DELETE FROM "sittings@2 found by course" WHERE key = (SELECT min(key) FROM "sittings@2")'),
  },
  { name: 'a document that is gone', named: /^bills@2 有/, make: () => inReadModels('DELETE FROM "bills@2" WHERE key = (SELECT min(key) FROM "bills@2")') },
  { name: 'a checkpoint set ahead', named: /^bills@2 看过的事件不在这份日志里/, make: () => checkpoint('0000000000009999') },
  { name: 'a checkpoint set behind', named: /^bills@2 看过的事件不在这份日志里/, make: () => checkpoint('0000000000000003') },
  { name: 'a checkpoint that is gone', named: /^bills@2 落后事件/, make: () => inReadModels("DELETE FROM checkpoints WHERE read_model = 'bills@2'") },
  {
    name: 'a quarantined document',
    named: /^bills@2 的 .+ 被隔离/,
    make: () => inReadModels(`INSERT INTO quarantine SELECT 'bills@2', min(key), '0000000000000003', 'a fault' FROM "bills@2"`),
  },
  { name: 'a table that is gone', named: /^bills@2 的文档表不存在/, make: () => inReadModels('DROP TABLE "bills@2"') },
  {
    name: 'an event missing from the log',
    named: /events\.sqlite 已损坏（.+缺少 1 条，例如位置 0000000000000012/,
    make: () => pastTriggers(join(data, 'events.sqlite'), 'DELETE FROM events WHERE position = 12'),
  },
  {
    name: 'candidates missing from streams of the log',
    named: /events\.sqlite 已损坏（\d+ 个事件流没有记着是哪位考生的/,
    make: () => pastTriggers(join(data, 'events.sqlite'), 'UPDATE streams SET subject = NULL'),
  },
  {
    name: 'a stream of the log that is of another candidate',
    named: /events\.sqlite 已损坏（1 个事件流记着的考生与其中的事件不符/,
    make: () =>
      pastTriggers(
        join(data, 'events.sqlite'),
        `UPDATE streams SET subject = (SELECT min(subject) FROM streams) WHERE id = (SELECT max(id) FROM streams WHERE name LIKE 'candidate-%')`,
      ),
  },
  {
    name: 'nothing that keeps events from being changed',
    named: /events\.sqlite 已损坏（events_never_change、events_never_go 不见了或被改动/,
    make: () => sql('events.sqlite', 'DROP TRIGGER events_never_change; DROP TRIGGER events_never_go'),
  },
  { name: 'another master key, and no check in the vault', named: /缺少主密钥的校验值/, make: () => otherKey() },
  ...vaultDamages.map(([name, text, named]) => ({ name, named, make: () => sql('vault.sqlite', text) })),
  ...registryDamages.map((damage) => ({ ...damage, make: () => damage.make(data) })),
  ...['events.sqlite', 'vault.sqlite', 'read-models.sqlite'].map((file) => ({
    name: `a truncated ${file}`,
    named: new RegExp(`${file} 已损坏`),
    make: () => truncateSync(join(data, file), 8_192),
  })),
  { name: 'an events.sqlite that is gone', named: /中没有 events\.sqlite，而 vault\.sqlite 还在/, make: () => remove('events.sqlite') },
  { name: 'a vault.sqlite that is gone', named: /中没有 vault\.sqlite，而日志中有考生/, make: () => remove('vault.sqlite') },
  { name: 'a read-models.sqlite that is gone', named: /^candidate 还没有建立/, make: () => remove('read-models.sqlite') },
  { name: 'a master key that is gone', named: /master-key 不见了，而 vault\.sqlite 还在/, make: () => remove('master-key') },
  { name: 'photos that are gone', named: /^照片不见了/, make: () => remove('photos') },
  { name: 'the log of another installation', named: /^日志属于安装 .+，而读模型属于安装 .+这份日志不是这个中心的/, make: () => take('other', 'events.sqlite') },
  { name: 'read models of another installation', named: /^日志属于安装 .+，而读模型属于安装 .+是读模型不对/, make: () => take('other', 'read-models.sqlite') },
  { name: 'a vault of another installation', named: /^MASTER_KEY 不是 .+vault\.sqlite 的主密钥/, make: () => take('other', 'vault.sqlite') },
  { name: 'a vault with its key of another installation', named: /^密钥库（vault）属于安装/, make: () => take('other', 'vault.sqlite', 'master-key') },
  { name: 'photos of another installation', named: /photos 中的照片属于安装/, make: () => take('other', 'photos') },
  { name: 'an older log', named: /^日志比密钥库（vault）旧/, make: () => take('older', 'events.sqlite') },
  { name: 'an older vault', named: /^密钥库（vault）比日志旧/, make: () => take('older', 'vault.sqlite') },
];

/** Every third damage, with one of another kind; those of documents are made before files are taken away. */
const pairs = [...damages.keys()]
  .filter((at) => at % 3 === 0)
  .map((at) => {
    const [first = 0, second = 0] = [at, (at + 11) % damages.length].toSorted((one, other) => one - other);
    return { first: damages[first] as Damage, second: damages[second] as Damage };
  });

function of(build: string, set: string): string {
  return `UPDATE "${build}" SET ${set} WHERE key = (SELECT min(key) FROM "${build}" WHERE document IS NOT NULL)`;
}

/** What `status` or `verify` finds; a command that cannot begin has found one thing. */
async function found(name: 'status' | 'verify'): Promise<readonly Found[]> {
  const command = knownCommands.find((each) => each.name === name);
  if (!command) throw new Error(`there is no command ${name}`);
  const settings = readSettings({ DATA_DIR: data, DEMO: 'false' });
  const given = { names: [], quick: false, repair: [], repairAll: false };
  try {
    await assertNeeded(command.needs(given), settings);
    const out = new Output({ json: true, quiet: true });
    const { json, differs } = await command.run(given, {
      settings,
      out,
      signal: new AbortController().signal,
      commands: knownCommands,
      confirm: async () => undefined,
    });
    const { verified = [], problems } = json as { readonly verified?: readonly { readonly problems: readonly Found[] }[]; readonly problems: readonly Found[] };
    const all = [...verified.flatMap((each) => each.problems), ...problems]; // as they are told
    expect([name, differs]).toEqual([name, all.length > 0]);
    return all;
  } catch (error) {
    return [{ says: failureOf(error).message, cure: [] }];
  }
}

/** Does what a problem says is to be done about it. */
async function cure({ says, cure: commands }: Found): Promise<void> {
  for (const command of commands) {
    const { code } = await told(command.split(' '), { DATA_DIR: data });
    if (command !== 'verify --repair-all') expect([command, code]).toEqual([command, 0]); // which ends with 1 while something else is wrong
  }
  if (commands.length > 0) return;
  if (says.includes(REBUILD)) {
    remove('read-models.sqlite');
    expect(await told(['catch-up'], { DATA_DIR: data })).toMatchObject({ code: 0 });
  } else if (says.includes('恢复备份的这个文件')) take('backup', 'master-key');
  else if (says.includes(RESTORE)) {
    rmSync(data, { recursive: true });
    mkdirSync(data);
    cpSync(join(kept, 'backup'), data, { recursive: true });
    remove('manifest.json');
  } else throw new Error(`nothing is said to be done: ${says}`);
}

/** Looks and does the first thing that is said, until nothing is found any more. */
async function cured(): Promise<void> {
  let left = await found('verify');
  for (let at = 0; at < 8 && left.length > 0; at++) {
    await cure(left[0] as Found);
    left = await found('verify');
  }
  expect(left).toEqual([]);
  expect(await found('status')).toEqual([]);
}

/** A vault that has lost by what it would tell so. */
const otherKey = () => {
  take('other', 'master-key');
  sql('vault.sqlite', `DELETE FROM vault WHERE name = 'check'`);
};

describe('Of a centre', () => {
  it.each([
    ['is older than the vault', () => take('older', 'events.sqlite')],
    ['is of another installation', () => take('other', 'events.sqlite')],
    ['lacks an event', () => pastTriggers(join(data, 'events.sqlite'), 'DELETE FROM events WHERE position = 12')],
  ])('Of a centre whose log %s, status and verify say nothing else, and offer no replay', async (_, make) => {
    make();
    for (const name of ['status', 'verify'] as const) {
      const all = await found(name);
      expect([name, all.length > 0, all.flatMap(({ cure }) => cure)]).toEqual([name, true, []]);
    }
    for (const args of [['verify'], ['verify', '--quick'], ['verify', 'bills'], ['status']]) {
      const { code, stdout, stderr } = await told(args, { DATA_DIR: data });
      expect([args, code === 0, stdout + stderr]).toEqual([args, false, expect.not.stringMatching(/replay|switch|repair/)]);
    }
  });

  it.each([
    ['has lost', `DELETE FROM candidates WHERE id = (${FIRST})`],
    ['finds by another number', `UPDATE candidates SET admission = x'00' WHERE id = (${FIRST})`],
    ['has lost, while it has a row that nobody is registered by', `UPDATE candidates SET id = 'nobody', admission = x'00' WHERE id = (${FIRST})`],
  ])('Of a centre no candidate is registered a second time whom the vault %s', async (_, text) => {
    sql('vault.sqlite', text);
    const again = mkdtempSync(join(kept, 'batch-'));
    await writeBatch(again, { candidates: 4 });
    for (const options of [['--dry-run'], []]) {
      const { code, stdout, stderr } = await told(['import', again, ...options], { DATA_DIR: data });
      expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(/密钥库（vault）(比日志旧，或是丢了内容|已损坏).+请停止所有进程，恢复最近的备份/)]);
    }
    const db = new DatabaseSync(join(data, 'events.sqlite'), { readOnly: true });
    expect(db.prepare(`SELECT count(*) AS registered FROM events WHERE type = 'CandidateRegistered'`).get()).toEqual({ registered: 4 });
    db.close();
  });

  it('Of a centre whose vault has lost a candidate no command says that there is no such number', async () => {
    sql('vault.sqlite', `DELETE FROM candidates WHERE id = (${FIRST})`);
    for (const command of ['find', 'show candidate']) {
      const { code, stderr } = await told([...command.split(' '), admissionNo(0)], { DATA_DIR: data });
      expect([command, code, stderr]).toEqual([command, 1, expect.stringMatching(/^密钥库（vault）比日志旧，或是丢了内容：.+，例如 /m)]);
    }
  });

  it('Of a centre that is sound nothing is found', async () => {
    expect([await found('status'), await found('verify')]).toEqual([[], []]);
  });

  it.each(damages)('Of a centre with $name, status and verify say so, and what they say is to be done cures it', async ({ named, make }) => {
    make();
    const [byStatus, byVerify] = [await found('status'), await found('verify')];
    expect(byVerify).toContainEqual(expect.objectContaining({ says: expect.stringMatching(named) }));
    expect(byStatus).toContainEqual(expect.objectContaining({ says: expect.stringMatching(named) }));
    await cured();
  });

  it('Of a centre whose registry says another revision beside its own nothing is found, and it goes on from its own', async () => {
    setInRegistry(data, '$.revision', 77);
    expect([await found('status'), await found('verify')]).toEqual([[], []]);
    for (const command of ['catch-up', 'replay bills', 'switch bills']) await cure({ says: '', cure: [command] });
  });

  it.each(pairs)('Of a centre with $first.name and $second.name, doing what is said, one after another, leads to a sound one', async ({ first, second }) => {
    first.make();
    second.make();
    expect(await found('verify')).not.toEqual([]);
    await cured();
  });
});
