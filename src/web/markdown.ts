import { LRUCache } from 'lru-cache';
import MarkdownIt from 'markdown-it';

/**
 * Contents and notices are Markdown without HTML: a tag is shown as it was typed. Pictures are left out, since no page loads
 * anything from another host, and an address becomes a link only where the author wrote one.
 */
const markdown = new MarkdownIt('default', { html: false, linkify: false, typographer: false }).disable('image');

/** The page's own title is its only first-level heading. */
markdown.core.ruler.push('headings_below_title', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${Math.min(Number(token.tag.slice(1)) + 1, 6)}`;
  }
});

const rendered = new LRUCache<string, string>({ max: 500, maxSize: 8_000_000, sizeCalculation: (html, text) => html.length + text.length + 1 });

/** HTML of an editable content or a notice; safe to put into a page as it is. */
export function markdownToHtml(text: string): string {
  const before = rendered.get(text);
  if (before !== undefined) return before;
  const html = markdown.render(text);
  rendered.set(text, html);
  return html;
}
