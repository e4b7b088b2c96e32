import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import type { TestCentre } from '../centre.js';

/**
 * The rules of HTML's standard and of WCAG. A button of a form submits it, as the standard says, without being told. A page that awaits
 * something is asked for again where there is no JavaScript. No rule asks a section for a heading, nor knows the attributes of htmx.
 */
const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: { 'no-implicit-button-type': 'off', 'meta-refresh': 'off' },
  }),
);

/** What was found so far: each fault once, with its rule and place; and how many pages were looked at. */
export interface Markup {
  readonly faults: ReadonlySet<string>;
  readonly pages: number;
}

/** From now on every page that the centre sends is held to html-validate; pages that differ in words and numbers alone once. */
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
