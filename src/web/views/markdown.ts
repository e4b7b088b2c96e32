import { LRUCache } from 'lru-cache';
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

/**
 * Markdown without HTML, pictures, automatic links and indented code: pages load nothing from other hosts, and Chinese paragraphs are
 * indented. Line breaks are kept, and bold may end in Chinese punctuation (the CJK-friendly amendment to CommonMark).
 */
const markdown = new MarkdownIt('default', { html: false, linkify: false, typographer: false, breaks: true }).use(cjkFriendly).disable(['image', 'code']);

/** The indent of Chinese paragraphs; Markdown would keep it on all lines but the first. */
const INDENT = /^[ \t]*\u3000[\u3000 \t]*/gm;

/** The page's title is its only heading of level 1: those of a text begin at level 2, whatever level its author used. */
markdown.core.ruler.push('headings_below_title', ({ tokens }) => {
  const headings = tokens.filter(({ type }) => type === 'heading_open' || type === 'heading_close');
  const down = 2 - Math.min(...headings.map(levelOf));
  for (const heading of headings) heading.tag = `h${Math.min(levelOf(heading) + down, 6)}`;
});

function levelOf({ tag }: { readonly tag: string }): number {
  return Number(tag.slice(1));
}

const rendered = new LRUCache<string, string>({ max: 500, maxSize: 8_000_000, sizeCalculation: (html, text) => html.length + text.length + 1 });

/** HTML of an editable content or a notice, which a page may include unescaped. */
export function markdownToHtml(text: string): string {
  const before = rendered.get(text);
  if (before !== undefined) return before;
  const html = markdown.render(text.replace(INDENT, ''));
  rendered.set(text, html);
  return html;
}
