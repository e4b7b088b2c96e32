import MarkdownIt from 'markdown-it';
import { centreFunctions } from './centre-functions.js';

const MAX_LINKS = 4;
/** A longer name does not fit beside three others. */
const MAX_NAME = 6;
const DEFAULTS = ['/center/exam', '/center/results', '/center/payments', '/center/bills'];

const byAddress = new Map(centreFunctions.map((each) => [each.href, each]));
const markdown = new MarkdownIt('zero').enable(['link', 'list', 'newline', 'escape', 'entity']);

export interface QuickChannel {
  readonly href: string;
  readonly title: string;
}

let last: { readonly content: string; readonly channels: readonly QuickChannel[] } | undefined;

/**
 * 快速通道: the links of the editable content `quick_channels`, at most four and each once. Only addresses of the centre's own
 * functions are accepted; without any, the links are the default four.
 */
export function quickChannels(content: string): readonly QuickChannel[] {
  if (last?.content !== content) last = { content, channels: readChannels(content) };
  return last.channels;
}

function readChannels(content: string): readonly QuickChannel[] {
  const links = linksOf(content).flatMap(({ href, text }) => {
    const title = byAddress.get(href)?.title;
    if (title === undefined) return [];
    return [{ href, title: text && [...text].length <= MAX_NAME ? text : title }];
  });
  const own = [...new Map(links.map((link) => [link.href, link] as const)).values()].slice(0, MAX_LINKS);
  return own.length > 0 ? own : DEFAULTS.map((href) => ({ href, title: byAddress.get(href)?.title ?? '' }));
}

function linksOf(content: string): readonly { readonly href: string; readonly text: string }[] {
  return markdown.parse(content, {}).flatMap(({ children }) =>
    (children ?? []).flatMap((token, at, tokens) => {
      if (token.type !== 'link_open') return [];
      const end = tokens.findIndex(({ type }, later) => later > at && type === 'link_close');
      const text = tokens.slice(at + 1, end).map(({ content: part }) => part);
      return [{ href: String(token.attrGet('href')), text: text.join('').trim() }];
    }),
  );
}
