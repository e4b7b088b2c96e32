import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { demoStateIn } from '../../demo/demo-state.js';
import { DamagedFile } from '../../src/sqlite/sqlite-errors.js';
import { told } from '../cli/told.js';
import { CentreProcess, folder } from './centre-process.js';
import { candidatesFolder, LoadedCentre } from './loaded-centre.js';

const SLOW = 240_000;
const PAGE = 4_096;

const kinds: readonly (readonly [string, (file: string) => void])[] = [
  ['is no database', (file) => writeFileSync(file, 'x'.repeat(5 * PAGE))],
  ['is empty', (file) => truncateSync(file, 0)],
  ['was cut off in the middle', (file) => truncateSync(file, 2 * PAGE)],
  ['has pages of something else', (file) => writeFileSync(file, readFileSync(file).fill('x', PAGE))],
];

/** A data folder that a centre has used and left. */
let whole: string;
beforeAll(async () => {
  // of its own: folders of a test are gone after it
  whole = join(process.env.TMPDIR ?? '/tmp', `damaged-${process.pid}`);
  mkdirSync(whole);
  await candidatesFolder(whole);
  const centre = await LoadedCentre.start(whole);
  await centre.process.kill('SIGTERM');
  return () => rmSync(whole, { recursive: true });
}, SLOW);

function damagedCopy(name: string, damage: (file: string) => void): string {
  const data = folder();
  cpSync(whole, data, { recursive: true });
  damage(join(data, name));
  return data;
}

/** One line with the file's name and the remedy. */
const oneLine = (file: string) => new RegExp(`^${file} 已损坏.*：请停止所有进程，.+\\n$`);

describe.each(['events.sqlite', 'vault.sqlite', 'read-models.sqlite'])('A %s', (name) => {
  it.each(kinds)(
    'A database file that %s keeps the centre from starting, which names the file and what to do in one line',
    async (_, damage) => {
      const data = damagedCopy(name, damage);
      const { code, stderr } = await new CentreProcess({ DATA_DIR: data }).ended;
      expect([code, stderr]).toEqual([1, expect.stringMatching(oneLine(join(data, name)))]);
    },
    SLOW,
  );

  it(
    'A database file that is damaged fails its backup, and leaves nothing that looks like a backup',
    async () => {
      for (const [, damage] of kinds.slice(0, 1).concat(kinds.slice(2))) {
        const data = damagedCopy(name, damage);
        const to = join(folder(), 'backup');
        const { code, stdout, stderr } = await told(['backup', to], { DATA_DIR: data });
        expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(`${join(data, name)} 已损坏`)]);
        expect((await told(['backup', to, '--check'], { DATA_DIR: data })).code).toBe(1);
      }
    },
    SLOW,
  );
});

const commands: readonly (readonly [string, string])[] = [
  ...['verify', 'replay bills', 'tasks', 'events x', 'explain bills x', 'reset-code 119912345600 --by x --reason x', 'import'].map(
    (words) => ['events.sqlite', words] as const,
  ),
  ...['import', 'reset-code 119912345600 --by x --reason x', 'rotate-master-key'].map((words) => ['vault.sqlite', words] as const),
  ...['projections', 'switch bills', 'verify', 'import'].map((words) => ['read-models.sqlite', words] as const),
];
it.each(commands)(
  'A damaged %s makes `%s` say which file and what to do in one line, without a stack',
  async (name, words) => {
    const data = damagedCopy(name, (file) => writeFileSync(file, readFileSync(file).fill('x', PAGE)));
    const batch = folder();
    writeFileSync(join(batch, 'courses.csv'), 'code,name,credits\n03708,中国近现代史纲要,2\n');
    const keys = { MASTER_KEY: readFileSync(join(data, 'master-key'), 'utf8'), MASTER_KEY_OLD: Buffer.alloc(32).toString('base64') };
    const environment = { DATA_DIR: data, ...(words === 'rotate-master-key' && keys) };
    const { code, stdout, stderr } = await told([...words.split(' '), ...(words === 'import' ? [batch] : [])], environment);
    // verify answers it, any other command fails with it
    const said = `${stdout}${stderr.replace(/^(?:数据文件夹：|核对).*\n/gm, '')}`;
    expect([code, said]).toEqual([1, expect.stringMatching(oneLine(join(data, name)))]);
  },
  SLOW,
);

it.each(kinds)(
  'A login-tallies.sqlite that %s is made anew: the centre starts and candidates are let in',
  async (_, damage) => {
    const data = damagedCopy('login-tallies.sqlite', damage);
    const centre = await LoadedCentre.start(data);
    expect(centre.process.logged.map((line) => JSON.parse(line).msg)).toContainEqual(expect.stringContaining('login rate limits were damaged'));
    expect(centre.refused.get(500)).toBeUndefined();
  },
  SLOW,
);

it('A truncated demo.json is reported in one line with the remedy', () => {
  const data = folder();
  writeFileSync(join(data, 'demo.json'), '{"begun":');
  expect(() => demoStateIn(data)).toThrow(DamagedFile);
  expect(() => demoStateIn(data)).toThrow(new RegExp(`^${join(data, 'demo.json')} 已损坏.+：请.+$`));
});
