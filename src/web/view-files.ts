import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the build says of the browser's files: `/assets/look.….css` by `look.css`, and the icons of the sprite. */
export interface BuiltFiles {
  readonly addresses: Readonly<Record<string, string>>;
  readonly icons: readonly string[];
}

/** The project's folder, for a file of src/ as for its compiled one in dist/src/. */
export const projectRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));

/** What `npm run build` made: the folder that this file was compiled into, or dist/ where the sources run directly. */
export const builtFolder = join(projectRoot, compiledInto());

/** Where the built assets lie that `/assets/` serves; each has a `.br` and a `.gz` beside it and a hash in its name. */
export const assetsFolder = join(builtFolder, 'public/assets');

/** @throws Error when the browser's files were not built yet */
export function builtFiles(): BuiltFiles {
  const manifest = join(builtFolder, 'public/manifest.json');
  if (!existsSync(manifest)) throw new Error('the browser’s files are not built: run `npm run build`');
  return JSON.parse(readFileSync(manifest, 'utf8'));
}

/** The code of templates that the build has kept, by digest; none of a build that kept none. */
export function builtTemplates(): Readonly<Record<string, string>> {
  const kept = join(builtFolder, 'templates.json');
  return existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
}

/** All templates of views/ by their path without its ending: `enrolments/_courses`. */
export function templateSources(): ReadonlyMap<string, string> {
  const folder = join(projectRoot, 'views');
  return new Map(
    globSync('**/*.hbs', { cwd: folder }).map((file) => [file.replaceAll('\\', '/').slice(0, -'.hbs'.length), readFileSync(join(folder, file), 'utf8')]),
  );
}

function compiledInto(): string {
  const [folder = 'src'] = relative(projectRoot, fileURLToPath(import.meta.url)).split(sep);
  return folder === 'src' ? 'dist' : folder;
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'views'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('no folder above this file holds package.json and views/');
  return rootAbove(above);
}
