import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** By importing file, what it may import and what it may not (docs/design.md, "Who may import whom"). */
const directions: Readonly<Record<string, { readonly may: readonly string[]; readonly mayNot: readonly string[] }>> = {
  'src/kernel/x.ts': { may: [], mayNot: ['src/settings/y', 'src/event-store/y'] },
  'src/event-store/x.ts': { may: ['src/kernel/y', 'src/sqlite/y'], mayNot: ['src/read-models/y', 'src/enrolments/y'] },
  'src/read-models/verifying/x.ts': { may: ['src/event-store/y', 'src/vault/y'], mayNot: ['src/cli/y', 'src/composition/y', 'src/web/y', 'demo/y'] },
  'src/web/x.ts': { may: ['src/read-models/y'], mayNot: ['src/enrolments/y', 'src/composition/y', 'demo/y'] },
  'src/enrolments/x.ts': {
    may: ['src/web/y', 'src/payments/y', 'src/imports/files/y', 'src/imports/imports.events', 'projections/y'],
    mayNot: ['src/imports/y', 'src/composition/y', 'src/metrics/y', 'src/backup/y', 'src/cli/y', 'src/cli', 'src/main', 'demo/y'],
  },
  'src/a-new-feature/x.ts': { may: ['src/web/y'], mayNot: ['src/imports/y', 'src/composition/y', 'src/cli/y', 'demo/y'] },
  'src/a-new-feature/deep/within/x.ts': { may: ['src/web/y'], mayNot: ['src/imports/y', 'src/composition/y', 'src/cli/y', 'demo/y'] },
  'src/imports/files/x.ts': { may: ['src/vault/y'], mayNot: ['src/composition/y', 'demo/y'] },
  'src/metrics/x.ts': { may: ['src/identity/y', 'src/read-models/y'], mayNot: ['src/composition/y', 'src/imports/y', 'src/cli/y', 'demo/y'] },
  'src/composition/known/x.ts': {
    may: ['src/enrolments/y', 'src/metrics/y', 'src/imports/imports.events', 'src/imports/files/y'],
    mayNot: ['src/imports/y', 'src/imports/recording/y', 'src/backup/y', 'src/cli/y', 'src/main', 'demo/y'],
  },
  'src/composition/centre.ts': { may: ['demo/y'], mayNot: ['src/imports/y', 'src/cli/y'] },
  'src/imports/recording/x.ts': { may: ['src/composition/y', 'src/registrations/y'], mayNot: ['src/cli/y', 'src/metrics/y', 'src/backup/y', 'demo/y'] },
  'src/backup/x.ts': { may: ['src/event-store/y'], mayNot: ['src/composition/y', 'src/enrolments/y', 'src/cli/y'] },
  'src/cli/data/x.ts': { may: ['src/main', 'src/composition/y', 'src/backup/y'], mayNot: ['demo/y'] },
  'src/read-models/projecting/x.worker.ts': { may: ['src/composition/y'], mayNot: [] },
  'src/processes/web.process.ts': { may: ['src/composition/y', 'src/main'], mayNot: [] },
  'src/main.ts': { may: ['src/composition/y', 'demo/y'], mayNot: [] },
  ...Object.fromEntries(
    ['', 'deep/', 'deep/within/'].map((folder) => [
      `src/a-new-feature/${folder}do-it.command.ts`,
      {
        may: [`src/a-new-feature/${folder}it.decider`, 'src/event-store/handler', 'src/vault/y', 'src/enrolments/y'],
        mayNot: ['src/enrolments/z.decider', 'src/enrolments/z.command', 'src/web/y', 'src/read-models/y', 'projections/y', 'src/composition/y', 'demo/y'],
      },
    ]),
  ),
};

/** By importing file, the lines of the imports that the linter refuses. */
const refused = new Map<string, Set<number>>();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-directions-'));
  copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
  for (const [file, { may, mayNot }] of Object.entries(directions)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    const imports = [...may, ...mayNot].map((target) => {
      const path = relative(dirname(file), target);
      return `import '${path.startsWith('.') ? path : `./${path}`}.js';\n`;
    });
    writeFileSync(join(folder, file), imports.join(''));
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['--only=style/noRestrictedImports', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'];
  const { stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', ...options, '.'], { cwd: folder, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly { readonly location: { readonly path: string; readonly start: { readonly line: number } } }[];
  };
  for (const { location } of diagnostics) {
    const lines = refused.get(location.path) ?? new Set();
    refused.set(location.path, lines.add(location.start.line));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(directions))('The linter, of the imports of %s,', (file, { may, mayNot }) => {
  it(`The linter allows ${may.join(', ') || 'none of these'}${mayNot.length > 0 ? ` and refuses ${mayNot.join(', ')}` : ''}`, () => {
    const all = [...may, ...mayNot];
    expect(all.filter((_, at) => refused.get(file)?.has(at + 1))).toEqual(mayNot);
  });
});
