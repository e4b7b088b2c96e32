import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Part of `npm run lint`: every document that is named is there, each decision record is in the table with its date and status, each metric is explained, each quoted test exists, each test's title begins a sentence, no type is imported within an expression, words of the command line stand in cli/, and no file is over 300 lines. */
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(join(root, file), 'utf8');
const faults = [];

for (const file of globSync('{*.md,docs/**/*.md}', { cwd: root })) {
  for (const [, link] of read(file).matchAll(/\]\(([^)#\s]+)/g)) {
    if (!link.includes(':') && !existsSync(join(root, dirname(file), link))) faults.push(`${file} links to ${link}, which does not exist`);
  }
}

for (const file of globSync('{src,demo,bench,projections,views,public,test,bin,deploy}/**/*.{ts,mjs,js,css,hbs,sh}', { cwd: root })) {
  for (const [name] of read(file).matchAll(/[\w./-]+\.md\b/g)) {
    if (!existsSync(join(root, name))) faults.push(`${file} names ${name}, which is no document of the repository`);
  }
}

for (const file of globSync('{src,demo,bench,projections,test}/**/*.ts', { cwd: root })) {
  // such a type escapes the import rules of biome.json; values that are loaded late have `await` before them or `.then` behind
  if (/(?<!\bawait )\bimport\('[^']+'\)\.(?!then\()/.test(read(file))) faults.push(`${file} has a type \`import('…').T\`: import it at the top`);
}

const commandFiles = globSync('src/cli/**/commands.ts', { cwd: root }).map(read).join('\n');
const commands = [...commandFiles.matchAll(/^\s*name: '([a-z-]+)'/gm)].map(([, name]) => name).join('|');
// an option in a text, a command after Chinese words, and a text that begins with a command and what it is given
const COMMAND_LINE = new RegExp(
  `['"\`][^'"\`]*(?<![\\w-])--[a-z][a-z-]+|[\\p{Script=Han}，：；]\\s?(?:${commands}) \\$\\{|请运行 (?:${commands})\\b|['"\`](?!status)(?:${commands}) \\$\\{`,
  'u',
);
for (const file of globSync('src/*/**/*.ts', { cwd: root, exclude: ['src/cli/**', 'src/imports/**', 'src/composition/**'] })) {
  for (const [at, line] of read(file).split('\n').entries()) {
    if (!/^\s*(\/\/|\/?\*)/.test(line) && COMMAND_LINE.test(line)) faults.push(`${file}:${at + 1} holds words of the command line, which stand in src/cli/`);
  }
}

// after describe, it or the row table of .each, a text that begins with a small letter or a placeholder
const CONTINUED_TITLE =
  /(?:(?<![.\w])(?:describe(?:[A-Z]\w*)?|it|test|tried)(?:\.(?:only|skip|concurrent))?|^\s*\](?: as const)?\)|\.each(?:<.*>)?\(.*\))\(\s*(['"`])(?!\$\{|[\p{Lu}\d"'`“\\\p{Script=Han}])([^\n]*?)\1/gmu;
for (const file of globSync('test/**/*.{test,conformance}.ts', { cwd: root })) {
  for (const [, , title] of read(file).matchAll(CONTINUED_TITLE)) faults.push(`${file} has a title that is no sentence by itself: ${title}`);
}

const MAX_LINES = 300;
for (const file of globSync('{src,demo,bench,projections,test}/**/*.ts', { cwd: root })) {
  const lines = read(file).split('\n').length - 1;
  if (lines > MAX_LINES) faults.push(`${file} has ${lines} lines, over ${MAX_LINES}: divide it by purpose`);
}

const tests = globSync('test/**/*.test.ts', { cwd: root }).map(read).join('\n');
for (const [, title] of read('docs/accessibility.md').matchAll(/“([^”]+)”/g)) {
  if (!tests.includes(title)) faults.push(`docs/accessibility.md quotes a test that does not exist: ${title}`);
}

const table = read('docs/adr/README.md');
for (const file of globSync('docs/adr/[0-9]*.md', { cwd: root }).sort()) {
  const [, number, title, date, status] = /^# (\d+)\. (.+)\n\nDate: (\d{4}-\d\d-\d\d).*?Status: (\w+)/.exec(read(file)) ?? [];
  if (!title) faults.push(`${file} does not begin with "# NUMBER. TITLE" and "Date: YYYY-MM-DD. Status: WORD."`);
  else if (!table.includes(`| ${number} | [${title}](${basename(file)}) | ${date} | ${status} | `)) {
    faults.push(`docs/adr/README.md lacks the row: | ${number} | [${title}](${basename(file)}) | ${date} | ${status} | what was decided |`);
  }
}

const [metrics] = read('docs/operating.md').split('### Logs');
const named = globSync('src/metrics/*.ts', { cwd: root }).flatMap((file) => {
  const calls = read(file).matchAll(/(?:(?:counter|gauge|histogram)\(|exposeOutcomeCounter\([^'{]*)\s*'([a-z_]+)'/g);
  return [...calls].map(([, name]) => name);
});
for (const name of named) if (!new RegExp(`^\\|.*\`${name}[\`{]`, 'm').test(metrics)) faults.push(`docs/operating.md has no row for the metric ${name}`);

for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
