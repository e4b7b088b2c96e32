import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import { builtFiles, templateSources } from './view-files.js';
import { vocabulary } from './view-vocabulary.js';

/** The code of templates by a digest of all that it is made of. */
export type TemplateCode = Readonly<Record<string, string>>;

/** The code of all templates, for the build to keep: compiling them takes a third of the time in which a centre starts. @throws Error naming a template that is none */
export function codeOfAll(): TemplateCode {
  const words = Object.keys(vocabulary(builtFiles()));
  return Object.fromEntries([...templateSources()].map(([name, source]) => [digest(source, words), compile(name, source, words)]));
}

/** The code of a template: what was built, unless it has changed since. @param words what it may say beside Handlebars' own @throws Error naming a template that is none */
export function codeOf(name: string, source: string, words: readonly string[], built: TemplateCode): string {
  return built[digest(source, words)] ?? compile(name, source, words);
}

function compile(name: string, source: string, words: readonly string[]): string {
  const knownHelpers = Object.fromEntries(words.map((word) => [word, true]));
  try {
    return String(Handlebars.precompile(source, { strict: true, knownHelpers, knownHelpersOnly: true, preventIndent: true }));
  } catch (error) {
    throw new Error(`views/${name}.hbs is no template`, { cause: error });
  }
}

function digest(source: string, words: readonly string[]): string {
  return createHash('sha256')
    .update([Handlebars.VERSION, ...words, source].join('\n'))
    .digest('base64url');
}
