import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['bench', 'bin', 'demo', 'dist', 'projections', 'public', 'src', 'test', 'views'];
const COPIED = [...FOLDERS, 'package.json', 'tsconfig.json', ...readdirSync(ROOT).filter((name) => name.endsWith('.mjs'))];

/** A copy of the checkout that can be changed and built. */
export class Release {
  readonly program: string;

  constructor(private readonly folder: string) {
    this.program = join(folder, 'bin/personal-centre.mjs');
    for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true, preserveTimestamps: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  }

  copy(from: string, to: string): void {
    cpSync(join(this.folder, from), join(this.folder, to));
  }

  /** Replaces texts in a file; each must occur in it. */
  edit(file: string, changes: readonly (readonly [before: string, after: string])[]): void {
    const path = join(this.folder, file);
    let text = readFileSync(path, 'utf8');
    for (const [before, after] of changes) {
      if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
      text = text.replace(before, () => after);
    }
    writeFileSync(path, text);
  }

  /** Builds it; as `npm run build` does where types are checked, which is most of the work. */
  build({ checked = false } = {}): void {
    const program = `await (await import(${JSON.stringify(join(this.folder, 'build.mjs'))})).build({ checked: ${checked} })`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: this.folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the build failed: ${stdout}${stderr}`);
  }
}
