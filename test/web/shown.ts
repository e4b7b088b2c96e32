import { type CheerioAPI, load } from 'cheerio';

/**
 * What the eye sees of the elements found: without what is for screen readers only, each piece of text apart by one space. A word that is
 * kept whole at the end of a line is no piece of its own.
 */
export function shown($: CheerioAPI, selector: string): string[] {
  return $(selector)
    .toArray()
    .map((element) => {
      const copy = $(element).clone();
      copy.find('.sr').remove();
      copy.find('.whole').each((_, whole) => void $(whole).replaceWith($(whole).contents()));
      return load((copy.html() ?? '').replaceAll('<', ' <'))
        .text()
        .replace(/\s+/g, ' ')
        .trim();
    });
}

/** The facts of a page: what stands behind each term. */
export function facts($: CheerioAPI, within = 'main'): Record<string, string> {
  const terms = shown($, `${within} dt`);
  return Object.fromEntries(shown($, `${within} dd`).map((value, at) => [terms[at], value]));
}
