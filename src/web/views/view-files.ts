import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built files of the browser: the address `/assets/look.….css` of `look.css`, and the icons of the sprite. */
export interface AssetManifest {
  readonly addresses: Readonly<Record<string, string>>;
  readonly icons: readonly string[];
}

/** The project's folder, found from src/ as well as from dist/src/. */
export const projectRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));

/** What `npm run build` made: the folder that this file was compiled into, or dist/ where the sources run directly. */
export const builtFolder = join(projectRoot, compiledInto());

/** The folder that `/assets/` serves; each file has a hash in its name, and a `.br` and a `.gz` beside it. */
export const assetsFolder = join(builtFolder, 'public/assets');

/** @throws Error when the browser's files were not built yet */
export function assetManifest(): AssetManifest {
  const manifest = join(builtFolder, 'public/manifest.json');
  if (!existsSync(manifest)) throw new Error('the browser’s files are not built: run `npm run build`');
  return JSON.parse(readFileSync(manifest, 'utf8'));
}

/** The templates that the build compiled, by digest; empty where it compiled none. */
export function compiledTemplates(): Readonly<Record<string, string>> {
  const kept = join(builtFolder, 'templates.json');
  return existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
}

/** All templates of views/ by their path without the extension: `enrolments/_courses`. */
export function templateSources(): ReadonlyMap<string, string> {
  const folder = join(projectRoot, 'views');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'));
  return new Map(files.map((file) => [file.replaceAll('\\', '/').slice(0, -'.hbs'.length), readFileSync(join(folder, file), 'utf8')]));
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
