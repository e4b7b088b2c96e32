import { LRUCache } from 'lru-cache';
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

/**
 * Contents and notices are Markdown without HTML: a tag is shown as it was typed. Pictures are left out, since no page loads
 * anything from another host, and an address becomes a link only where the author wrote one. Written as Chinese offices
 * write it: bold may end in Chinese punctuation (the CJK-friendly amendment to CommonMark), a line break is one, and an
 * indented paragraph is a paragraph, never code.
 */
const markdown = new MarkdownIt('default', { html: false, linkify: false, typographer: false, breaks: true }).use(cjkFriendly).disable(['image', 'code']);

/** What paragraphs are indented by in Chinese: it would be kept for all lines but the first. */
const INDENT = /^[ \t]*\u3000[\u3000 \t]*/gm;

/** The page's own title is its only first-level heading: those of a text begin at the second, whichever its author began with. */
markdown.core.ruler.push('headings_below_title', ({ tokens }) => {
  const headings = tokens.filter(({ type }) => type === 'heading_open' || type === 'heading_close');
  const down = 2 - Math.min(...headings.map(levelOf));
  for (const heading of headings) heading.tag = `h${Math.min(levelOf(heading) + down, 6)}`;
});

function levelOf({ tag }: { readonly tag: string }): number {
  return Number(tag.slice(1));
}

const rendered = new LRUCache<string, string>({ max: 500, maxSize: 8_000_000, sizeCalculation: (html, text) => html.length + text.length + 1 });

/** HTML of an editable content or a notice; safe to put into a page as it is. */
export function markdownToHtml(text: string): string {
  const before = rendered.get(text);
  if (before !== undefined) return before;
  const html = markdown.render(text.replace(INDENT, ''));
  rendered.set(text, html);
  return html;
}
