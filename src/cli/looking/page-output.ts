import type { LookedAtPage } from '../../composition/looked-at-page.js';
import { inertMarkup } from '../../office/file/inert-page.js';

/** The page as a file: with its styles and a remark, without scripts, and with forms and links that lead nowhere. */
export function inertPage({ body, styles }: LookedAtPage, remark: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'">`;
  const says = `<p role="note" style="margin:0;padding:.5em 1em;background:#fff3c4;color:#000">${escaped(remark)}</p>`;
  return inertMarkup(body)
    .replace(/<link\b[^>]*>/g, '')
    .replace('<meta charset="utf-8">', `<meta charset="utf-8">${policy}<style>${styles.replaceAll('</', '<\\/')}</style>`)
    .replace(/<body\b[^>]*>/, (tag) => `${tag}${says}`);
}

/** Elements that begin a line of their own. */
const BLOCKS = /<\/?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|tr|table|section|article|header|footer|nav|main|form|details|summary|fieldset|legend|label|br)\b[^>]*>/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#x27': "'", '#39': "'", '#x60': '`', '#x3D': '=' };

/** The text of a page's content, by lines; what is only read aloud is left out. */
export function textOfPage(html: string): readonly string[] {
  const title = /<header class="bar">[\s\S]*?<h1>([^<]*)<\/h1>/.exec(html)?.[1];
  const main = /<main\b[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1] ?? html;
  const lines = main
    .replace(/<(script|style|svg|template|noscript)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<span class="sr">[^<]*<\/span>/g, '')
    .replace(/<wbr>/g, '')
    .replace(BLOCKS, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .split('\n')
    .map((line) =>
      line
        .replace(/\s+/g, ' ')
        .replace(/ (?=[，。、；：）])|(?<=（) /g, '')
        .trim(),
    )
    .filter((line) => line !== '');
  return title === undefined ? lines : [title, ...lines];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
