/** What is read as one: a date, an amount, a number with its unit; and the dot between two facts, which begins a line where it cannot stand in one. */
const WHOLE = /(?:\d+年)?\d+月\d+日|\d+年\d+月|\d\d:\d\d 截止|¥ \d[\d.]*|(?:(?:还有 )?\d+(?:\.\d+)?|[A-H]) (?:元|天|门|分钟|小时|笔|次|岁|个|份|单元)|· /g;
/** A tag with its name, or the text up to the next one. */
const PIECE = /<(\/?)([a-z][a-z0-9]*)[^>]*>|[^<]+/g;
const RUNNING = new Set(['p', 'dd', 'small']);

/**
 * A page's content whose running text parts no such word at the end of a line (`.whole` in public/look.css), whatever the width and
 * the size of the text. Headings, buttons and rows are short, and flexible boxes: they are left alone.
 * @param html as templates write it: no `>` within attributes, no scripts
 */
export function withWholeWords(html: string): string {
  let within = 0;
  return html.replace(PIECE, (piece, closes: string | undefined, name: string | undefined) => {
    if (name === undefined) return within > 0 ? piece.replace(WHOLE, '<span class="whole">$&</span>') : piece;
    if (RUNNING.has(name)) within += closes ? -1 : 1;
    return piece;
  });
}
