import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCluster } from '../event-store/eventstoredb/test-server/test-cluster.js';
import { fillDisk } from '../fill-disk.js';
import { writeBatch } from '../imports/batch.js';
import { damage } from '../read-models/damage.js';
import { run } from './run.js';

const PROGRAM = fileURLToPath(new URL('../../bin/personal-centre.mjs', import.meta.url));
const page = readFileSync(new URL('docs/night.md', new URL('../../', import.meta.url)), 'utf8');

const exec = promisify(execFile);

interface Block {
  readonly kind: 'sh' | 'text';
  readonly lines: readonly string[];
}

/** What the page says to type and what is printed then, by heading. */
const sections = page
  .split(/^#+ /m)
  .map((section) => ({
    heading: section.slice(0, section.indexOf('\n')),
    blocks: [...section.matchAll(/^```(sh|text)\n([\s\S]*?)\n```/gm)].map(
      ([, kind, text = '']): Block => ({ kind: kind as Block['kind'], lines: text.split('\n') }),
    ),
  }))
  .filter(({ blocks }) => blocks.length > 0);

/** `whole` has imported a batch and made a backup, `newer` has imported the next one after it. */
const kept = mkdtempSync(join(tmpdir(), 'night-'));
/** Where the operator types. */
let here: string;
let isMounted = false;
let cluster: TestCluster | undefined;

beforeAll(async () => {
  await writeBatch(join(kept, 'first'), { candidates: 3 });
  await writeBatch(join(kept, 'batch'), { candidates: 4 });
  const at = { DATA_DIR: join(kept, 'whole') };
  for (const args of [['import', join(kept, 'first')], ['office', 'add', 'night-1', '--role', 'city'], ['catch-up'], ['backup', join(kept, 'monday')]]) {
    expect(await run(args, at).ended).toMatchObject({ code: 0 });
  }
  cpSync(at.DATA_DIR, join(kept, 'newer'), { recursive: true });
  const newer = { DATA_DIR: join(kept, 'newer') };
  for (const args of [['import', join(kept, 'batch')], ['catch-up']]) expect(await run(args, newer).ended).toMatchObject({ code: 0 });
  mkdirSync(join(kept, 'bin'));
  writeFileSync(join(kept, 'bin', 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
});
afterAll(() => rmSync(kept, { recursive: true }));
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
  if (isMounted) await exec('umount', ['--lazy', here]);
  isMounted = false;
  rmSync(here, { recursive: true, force: true });
});

/** A situation of the page: what is so before its first command. */
interface Situation {
  given(): unknown;
  /** What another machine does when it is told so. */
  ssh?(command: string): Promise<unknown>;
  readonly environment?: () => Readonly<Record<string, string>>;
  /** Why it cannot be tried here. */
  readonly skipped?: string | undefined;
}

function take(from: string, ...names: readonly string[]): void {
  for (const name of names) cpSync(join(kept, from, name), join(here, 'data', name));
}

/** A disk of 24 MB, which takes root. */
async function mountHere(): Promise<boolean> {
  try {
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', here]);
    isMounted = true;
    return true;
  } catch {
    return false;
  }
}

const situations: Readonly<Record<string, Situation>> = {
  'At night': { given: () => undefined },
  'The read models': { given: () => truncateSync(join(here, 'data', 'read-models.sqlite'), 8_192) },
  'A document': { given: () => damage(join(here, 'data'), `UPDATE "bills@2" SET document = '{}' WHERE key = (SELECT min(key) FROM "bills@2")`) },
  'The log or the vault': { given: () => truncateSync(join(here, 'data', 'events.sqlite'), 8_192) },
  'The disk is full': { given: () => fillDisk(join(here, 'core.4711')), skipped: (await mayMount()) ? undefined : 'only root may mount a small disk' },
  'A candidate rings up': { given: () => undefined },
  'One value': {
    given: () =>
      typed(
        'npx personal-centre correct score 910000000000 period=2604 course=09000 score=99 --by night-1 --reason 更正 --yes && npx personal-centre catch-up',
      ),
  },
  'A whole batch': {
    given: async () => {
      mkdirSync(join(here, 'wrong'));
      writeFileSync(join(here, 'wrong', 'scores.csv'), 'admission_no,period,course,score,grade,remark\n910000000007,2604,09013,99,,\n');
      expect(await typed('npx personal-centre import wrong')).toMatchObject({ code: 0 });
    },
  },
  'The log is older than the read models': { given: () => take('whole', 'events.sqlite', 'vault.sqlite') },
  'A node is lost': {
    given: async () => {
      cluster = await TestCluster.start();
      rmSync(join(here, 'data'), { recursive: true });
      for (const command of ['import batch', 'catch-up']) expect(await typed(`npx personal-centre ${command}`)).toMatchObject({ code: 0 });
      await lose(0);
      cluster.elect(cluster.nodes[1]);
    },
    ssh: async (command) => {
      if (command === 'node2 systemctl stop eventstore') return lose(1).then(() => cluster?.elect(undefined));
      if (command !== 'node2 systemctl start eventstore') throw new Error(`nobody does ${command}`);
      await cluster?.nodes[1]?.restart();
      return cluster?.elect(cluster.nodes[1]);
    },
    environment: () => (cluster ? { EVENT_STORE_URL: cluster.url } : {}),
  },
};

const lose = async (node: number) => cluster?.nodes[node]?.kill();

async function mayMount(): Promise<boolean> {
  here = mkdtempSync(join(tmpdir(), 'mount-'));
  const may = await mountHere();
  if (may) await exec('umount', [here]);
  isMounted = false;
  rmSync(here, { recursive: true });
  return may;
}

let environment: () => Readonly<Record<string, string>> = () => ({});

/** Types a command as the page does. */
function typed(command: string): Promise<{ readonly code: number; readonly said: string }> {
  const env = { PATH: `${join(kept, 'bin')}:${process.env.PATH}`, DATA_DIR: 'data', ...environment() };
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd: here, env }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }));
  });
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A line of the page as it can be found in what was printed. */
function asPattern(line: string): RegExp {
  return new RegExp(`^${line.split('…').map(escaped).join('.*')}$`, 'm');
}

describe('The document docs/night.md', () => {
  it('The document docs/night.md has no section that is not tried', () => {
    expect(sections.map(({ heading }) => heading)).toEqual(Object.keys(situations));
  });

  for (const { heading, blocks } of sections) {
    const situation = situations[heading];
    const tried = situation?.skipped === undefined ? it : it.skip;
    const why = situation?.skipped === undefined ? '' : ` (${situation.skipped})`;
    tried(`The document docs/night.md does what it says under “${heading}”${why}`, async () => {
      here = mkdtempSync(join(tmpdir(), 'here-'));
      if (heading === 'The disk is full') await mountHere();
      cpSync(join(kept, heading.startsWith('The log is older') ? 'newer' : 'whole'), join(here, 'data'), { recursive: true });
      cpSync(join(kept, 'monday'), join(here, 'backups', 'monday'), { recursive: true });
      cpSync(join(kept, 'batch'), join(here, 'batch'), { recursive: true });
      environment = situation?.environment ?? (() => ({}));
      await situation?.given();
      let printed = '';
      for (const { kind, lines } of blocks) {
        if (kind === 'text') for (const line of lines) expect(printed).toMatch(asPattern(line.replace('TIME', '…')));
        else printed = await allTyped(lines, situation);
      }
    });
  }
});

/** Types the lines of a block, each of which ends as it says; answers with what is printed. */
async function allTyped(lines: readonly string[], situation: Situation | undefined): Promise<string> {
  let printed = '';
  for (const line of lines) {
    const [, command = '', exit = '0'] = /^(.*?)(?:\s+# ends with (\d+))?$/.exec(line) ?? [];
    if (command.startsWith('ssh ')) await situation?.ssh?.(command.slice('ssh '.length));
    else {
      const [batch = 'BATCH'] = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/.exec(printed) ?? [];
      const [time = 'TIME'] = /\d{4}-\d\d-\d\dT[\d:.]+\+08:00(?!.*\+08:00)/s.exec(printed) ?? [];
      const { code, said } = await typed(command.replace('BATCH', batch).replace('TIME', time)); // that was listed
      expect([command, code, code === Number(exit) ? '' : said]).toEqual([command, Number(exit), '']);
      printed += said;
    }
  }
  return printed;
}
