import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import type { TestCentre } from '../centre.js';

/**
 * The rules of the HTML standard and of WCAG, except: a form's button needs no `type`, a page may refresh itself without JavaScript, a
 * section needs no heading, and attributes of htmx are allowed.
 */
const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: { 'no-implicit-button-type': 'off', 'meta-refresh': 'off' },
  }),
);

/** The faults found so far, each once with its rule and place, and the number of checked pages. */
export interface Markup {
  readonly faults: ReadonlySet<string>;
  readonly pages: number;
}

/** Checks every page that the centre sends by html-validate; of pages that differ only in words and numbers, one. */
export function watchMarkup(centre: TestCentre): Markup {
  const faults = new Set<string>();
  const markup = { faults, pages: 0 };
  const seen = new Set<string>();
  centre.onPage = (address, html) => {
    markup.pages += 1;
    const likeBefore = html.replaceAll(/\d+/g, '0').replaceAll(/>[^<]*</g, (text) => text.replaceAll(/[\p{L}\p{N}]+/gu, '字'));
    if (seen.has(likeBefore)) return;
    seen.add(likeBefore);
    const { results } = validator.validateStringSync(html);
    for (const { ruleId, message, line, selector } of results.flatMap(({ messages }) => messages)) {
      faults.add(`${address}:${line}: ${ruleId}: ${message} (${selector})`);
    }
  };
  return markup;
}
