import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** For older web-views of the apps that open the centre: a language version for scripts, engines for styles. */
const TARGETS = { js: 'es2017', css: ['chrome61', 'ios13'] };

/**
 * Makes public/ of a build: assets/ with a hash of the content in each name (each with its .br and .gz), and manifest.json with the
 * address of each asset and the names of the icons in the sprite.
 * @param {string} root the project's folder, with a slash at its end
 * @param {string} built the folder to write into, with a slash at its end
 */
export async function buildBrowserFiles(root, built) {
  const assets = `${built}public/assets/`;
  mkdirSync(assets, { recursive: true });
  const icons = iconsUsed(root);
  const files = [
    ...(await bundled(root, 'public/app.js', 'app.js')),
    ...(await bundled(root, 'node_modules/htmx.org/dist/htmx.esm.js', 'htmx.js')),
    ...(await bundled(root, 'public/office.js', 'office.js')),
    ...(await bundled(root, 'public/office-keys.js', 'office-keys.js')),
    ...(await bundled(root, 'public/look.css', 'look.css')),
    ...(await bundled(root, 'public/office.css', 'office.css')),
    ...(await bundled(root, 'public/office-file.css', 'office-file.css')),
    { name: 'icons.svg', content: sprite(root, icons) },
    { name: 'mark.svg', content: readFileSync(`${root}public/mark.svg`, 'utf8') },
  ];
  const addresses = Object.fromEntries(files.map(({ name, content }) => [name, `/assets/${writeHashed(assets, name, content)}`]));
  writeWhole(`${built}public/manifest.json`, JSON.stringify({ addresses, icons }));
}

async function bundled(root, entry, name) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    target: entry.endsWith('.css') ? TARGETS.css : TARGETS.js,
    legalComments: 'none',
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles.map(({ text }) => ({ name, content: text }));
}

/** Names of the icons that templates and pages use: `{{icon "bell"}}`, `icon="bell"`, `icon: 'bell'`. */
function iconsUsed(root) {
  const sources = [...globSync('views/**/*.hbs', { cwd: root }), ...globSync('src/**/*.ts', { cwd: root })];
  const names = sources.flatMap((file) => [...readFileSync(root + file, 'utf8').matchAll(/\bicon[ =:]\s*["']([a-z0-9-]+)["']/g)].map(([, name]) => name));
  return [...new Set(names)].sort();
}

function sprite(root, names) {
  const symbols = names.map((name) => {
    const drawing = readFileSync(`${root}node_modules/lucide-static/icons/${name}.svg`, 'utf8');
    const shapes = drawing.slice(drawing.indexOf('>', drawing.indexOf('<svg')) + 1, drawing.lastIndexOf('</svg>')).replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

function writeHashed(folder, name, content) {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 10);
  const dot = name.lastIndexOf('.');
  const hashed = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeWhole(folder + hashed, content);
  writeWhole(`${folder}${hashed}.br`, brotliCompressSync(content));
  writeWhole(`${folder}${hashed}.gz`, gzipSync(content, { level: 9 }));
  return hashed;
}

/** Writes by renaming, so that a server never reads half a file. */
function writeWhole(path, content) {
  const written = `${path}.${process.pid}`;
  writeFileSync(written, content);
  renameSync(written, path);
}
