import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { jsonOf, run } from '../../cli/run.js';
import { CentreProcess, folder, ready, signIn } from '../centre-process.js';
import { ACCOUNT, FILES, PASSWORD, written } from '../one-candidate.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Files of the production image beside its packages. */
const PROGRAM = ['bin', 'dist', 'views', 'package.json'];
const DEMO_ONLY = ['oidc-provider', 'csv-stringify'];

/** The program as `npm ci --omit=dev` leaves it, with hard links where the file system allows them. */
function withoutDev(): string {
  const program = folder();
  const listed = execFileSync('npm', ['ls', '--all', '--omit=dev', '--parseable'], { cwd: ROOT, encoding: 'utf8' });
  // those within a package come with it; the Node that is brought along is not asked for
  const packages = [...new Set(listed.split('\n').flatMap((path) => /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))].filter(
    (path) => !/^node_modules\/node(-|$)/.test(path),
  );
  for (const path of [...PROGRAM, ...packages]) {
    mkdirSync(dirname(join(program, path)), { recursive: true });
    try {
      execFileSync('cp', ['-al', join(ROOT, path), join(program, path)], { stdio: 'ignore' });
    } catch {
      execFileSync('cp', ['-aT', join(ROOT, path), join(program, path)]); // over what was begun
    }
  }
  return program;
}

it('Without development packages the centre starts, imports and lets candidates sign in, and a demo names what is missing', async () => {
  const program = withoutDev();
  for (const name of DEMO_ONLY) expect(existsSync(join(program, 'node_modules', name))).toBe(false);
  const bin = join(program, 'bin/personal-centre.mjs');
  const data = folder();
  expect(await run(['import', written(FILES)], { DATA_DIR: data }, bin).ended).toMatchObject({ code: 0 });
  const { address } = await new CentreProcess({ DATA_DIR: data }, bin).started();
  await ready(address);
  expect(await signIn(address, ACCOUNT, PASSWORD)).toContain('session=');

  const empty = folder();
  const demo = await new CentreProcess({ DATA_DIR: empty, DEMO: 'true' }, bin).ended;
  expect(demo.code).toBe(2);
  const message = expect.stringContaining('DEMO: 这里没有安装演示所需的软件包：请连同开发用的一起安装');
  expect(jsonOf(demo)).toEqual({ error: { code: 'bad_settings', message } });
  expect(existsSync(join(empty, 'events.sqlite'))).toBe(false);
}, 240_000);
