import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { knownCommands } from '../../src/cli/known-commands.js';
import { takesYes } from '../../src/cli/program/command.js';
import { scratch } from '../imports/scratch.js';
import { type Ended, run } from './run.js';
import { told } from './told.js';

/** The words of a command's example, with its consent where it destroys something. */
const words = Object.fromEntries(
  knownCommands.map((each) => [each.name, [...(each.example.split(' >')[0] ?? '').split(' '), ...(takesYes(each) ? ['--yes'] : [])]]),
);
const names = knownCommands.map(({ name }) => name);
const without = (...others: readonly string[]) => names.filter((name) => !others.includes(name));
/** Those that work with read models and ask no log. */
const ofReadModels = ['drop', 'cancel', 'prune'];
/** Those that do not ask a store at once: a start waits until it answers. */
const withoutStore = ['start', 'backup', 'completion'];

/** That stdout is one line of JSON and nothing else, and what it says. */
function onlyJson({ stdout }: Ended): unknown {
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return JSON.parse(stdout);
}

describe.each(names)('`personal-centre %s`', (name) => {
  it('A command explains itself in Chinese, with an example', async () => {
    const { code, stdout, stderr } = await told([...name.split(' '), '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`例：\n  personal-centre ${name}`);
    expect(stdout).not.toMatch(/usage|option|argument|display|default|command for/i);
  });

  it('A command ends with 2 and one line of JSON when it is used wrongly', async () => {
    const ended = await told([...(words[name] ?? []), '--nonsense', '--json']);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('没有选项 --nonsense')]);
    expect(onlyJson(ended)).toEqual({ error: { code: 'unknown_option', message: '没有选项 --nonsense', hint: expect.stringContaining(`${name} --help`) } });
  });
});

describe('On a folder that has no centre', () => {
  it.each(without('start', 'import', 'completion'))(
    'On a folder that has no centre, `personal-centre %s` ends with 1 and one sentence, and makes nothing',
    async (name) => {
      const folder = await scratch();
      const ended = await told([...(words[name] ?? []), '--json'], { DATA_DIR: folder });
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/^.*没有.*DATA_DIR.*\n$/)]);
      expect(onlyJson(ended)).toEqual({ error: { code: expect.stringMatching(/^\w+$/), message: ended.stderr.trimEnd() } });
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

describe('Where a store is away', () => {
  let folder: string;
  /** It takes connections and does not answer. */
  let hanging: Server;
  beforeEach(async () => {
    folder = await scratch();
    mkdirSync(join(folder, 'batch'));
    writeFileSync(join(folder, 'vault.sqlite'), 'opened only by status: the log is asked first');
    hanging = createServer();
    await once(hanging.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    hanging.close();
  });

  const at = (name: string, port: number) => ({
    DATA_DIR: folder,
    ...(ofReadModels.includes(name) ? { READ_MODELS_URL: `mongodb://127.0.0.1:${port}` } : { EVENT_STORE_URL: `esdb://127.0.0.1:${port}?tls=false` }),
  });

  it.each(without(...withoutStore))('Where a store is away, `personal-centre %s` ends with 3 and says so', async (name) => {
    const ended = await told([...(words[name] ?? []), '--json'], at(name, 1));
    expect([ended.code, ended.stderr]).toEqual([3, expect.not.stringContaining('    at ')]);
    expect(onlyJson(ended)).toMatchObject({ error: { code: expect.stringMatching(/^(log_refused|store_unavailable)$/) } });
  });

  it.each(without(...withoutStore))('Where a store is away, `personal-centre %s` ends with 130 when it is interrupted', async (name) => {
    const { port } = hanging.address() as AddressInfo;
    const { child, ended } = run([...(words[name] ?? []), '--json'], at(name, port));
    hanging.once('connection', () => child.kill('SIGINT'));
    const { code, signal, stdout } = await ended;
    expect([code, signal]).toEqual([130, null]);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'interrupted', message: '已中断' } });
  });
});

describe('What destroys something', () => {
  it.each([
    ['drop', 'bills@1'],
    ['cancel', 'bills'],
    ['rotate-master-key', '--drop-unregistered'],
  ])('A command that destroys something is refused with 2 and a sentence where nobody can be asked: %s %s', async (...command) => {
    const ended = await told([...command, '--json']);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/确定吗？.*--yes\n$/)]);
    expect(onlyJson(ended)).toMatchObject({ error: { code: 'not_confirmed' } });
  });
});

describe('`personal-centre`', () => {
  it.each<[readonly string[], string, string]>([
    [['nonsense'], 'unknown_command', '没有命令 nonsense'],
    [['nonsense', '--help'], 'unknown_command', '没有命令 nonsense'],
    [['help', 'nonsense'], 'unknown_command', '没有命令 nonsense'],
    [['office', 'nonsense', '--help'], 'unknown_command', '没有命令 nonsense'],
    [['replai'], 'unknown_command', '没有命令 replai（是不是 replay？）'],
    [['tasks', '--limt', '5'], 'unknown_option', '没有选项 --limt（是不是 --limit？）'],
    [['tasks', '--json', '--limit'], 'missing_value', '选项 --limit <NUMBER> 后面缺少值'],
    [['tasks', '--limit', '0'], 'bad_value', '--limit 应为 1 到 1000 的整数'],
    [['import'], 'missing_argument', '缺少参数 <FOLDER>'],
    [['import', 'one', 'two'], 'too_many_arguments', '参数太多：one, two'],
    [['office', 'nonsense'], 'unknown_command', '没有命令 nonsense'],
    [['office', 'add', 'admin-1'], 'bad_value', '--role 必须给出'],
    [['office', 'add', 'admin-1', '--role', 'boss'], 'bad_value', expect.stringContaining('--role 应为 city、approver') as never],
    [['completion', 'tcsh'], 'bad_value', '<SHELL> 应为 bash、zsh、fish 之一'],
  ])('`personal-centre` %j is wrong use: %s', async (args, code, message) => {
    const ended = await told(args.includes('--json') ? args : [...args, '--json']);
    expect([ended.code, ended.stderr.split('\n')[0]]).toEqual([2, message]);
    expect(onlyJson(ended)).toMatchObject({ error: { code, message } });
  });

  it.each([[['--version']], [['-V']]])('`personal-centre` %j with --json is one line of JSON that says the version', async (args) => {
    const ended = await told([...args, '--json']);
    expect([ended.code, ended.stderr, onlyJson(ended)]).toEqual([0, '', { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) }]);
  });

  it.each<[readonly string[], string]>([
    [['help'], '用法：'],
    [['--help'], '用法：'],
    [['help', 'office'], 'office'],
    [['tasks', '--help'], 'personal-centre tasks'],
    [['help', 'office', 'add'], 'personal-centre office add'],
  ])('`personal-centre` %j with --json is one line of JSON that holds the help', async (args, named) => {
    const ended = await told([...args, '--json']);
    expect([ended.code, ended.stderr, onlyJson(ended)]).toEqual([0, '', { help: expect.stringContaining(named) }]);
  });

  it('`personal-centre` suggests no option that is only as long as the wrong one', async () => {
    expect((await told(['take', 'x', '--reason', 'x'])).stderr).toMatch(/^没有选项 --reason\n/);
  });

  it('`personal-centre` shows all commands by group when none is named, and ends with 2', async () => {
    const { code, stdout, stderr } = await told([]);
    expect([code, stdout]).toEqual([2, '']);
    for (const name of [...names.map((each) => each.split(' ')[0]), 'help']) expect(stderr).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(stderr).not.toContain('命令：\n'); // all have a group
  });

  it('`personal-centre` shows the commands of two words when only the first is given, and ends with 2', async () => {
    const ended = await told(['office', '--json']);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('  reset-factor ')]);
    expect(onlyJson(ended)).toMatchObject({ error: { code: 'missing_command' } });
  });

  it('`personal-centre` tells its version', async () => {
    expect(await run(['--version']).ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('`personal-centre` uses no colours where there is no terminal', async () => {
    const { stdout, stderr } = await run(['import']).ended;
    expect(`${stdout}${stderr}${(await run(['--help']).ended).stdout}`).not.toContain('\u001b');
  });
});
