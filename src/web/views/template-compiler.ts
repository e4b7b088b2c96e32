import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import { templateHelpers } from './template-helpers.js';
import { assetManifest, templateSources } from './view-files.js';

/** The compiled code of templates, by a digest of all that it is compiled from. */
export type TemplateCode = Readonly<Record<string, string>>;

/** Compiles all templates, for the build: it takes a third of a centre's start. @throws Error with the name of a template that is malformed */
export function compileAllTemplates(): TemplateCode {
  const helpers = Object.keys(templateHelpers(assetManifest()));
  return Object.fromEntries([...templateSources()].map(([name, source]) => [digest(source, helpers), compile(name, source, helpers)]));
}

/**
 * The code of a template: the build's, unless the template has changed since.
 * @param helpers names of the helpers that it may use
 * @throws Error with the name of a template that is malformed
 */
export function templateCode(name: string, source: string, helpers: readonly string[], built: TemplateCode): string {
  return built[digest(source, helpers)] ?? compile(name, source, helpers);
}

function compile(name: string, source: string, helpers: readonly string[]): string {
  const knownHelpers = Object.fromEntries(helpers.map((helper) => [helper, true]));
  try {
    return String(Handlebars.precompile(source, { strict: true, knownHelpers, knownHelpersOnly: true, preventIndent: true }));
  } catch (error) {
    throw new Error(`views/${name}.hbs is no template`, { cause: error });
  }
}

function digest(source: string, helpers: readonly string[]): string {
  return createHash('sha256')
    .update([Handlebars.VERSION, ...helpers, source].join('\n'))
    .digest('base64url');
}
