/** What is read as one: a date, an amount, a number with its unit; and the dot between two facts, which begins a line where it cannot stand in one. */
const WHOLE = /(?:(?:还有 )?\d+(?:\.\d+)?(?:年\d+月(?:\d+日)?|月\d+日|:\d\d 截止| (?:元|天|门|分钟|小时|笔|次|岁|个|份))|¥ \d[\d.]*|[A-H] 单元|· )(?![^<>]*>)/g;
/** An element of running text; none of them holds another of its kind. */
const RUNNING = /<(p|dd|small)(?=[ >])[^>]*>[\s\S]*?<\/\1>/g;

/**
 * A page's content whose running text parts no such word at the end of a line (`.whole` in public/look.css), whatever the width and
 * the size of the text. Headings, buttons and rows are short, and flexible boxes: they are left alone.
 * @param html as templates write it: no `>` within attributes, no scripts
 */
export function withWholeWords(html: string): string {
  return html.replace(RUNNING, (element) => element.replace(WHOLE, '<span class="whole">$&</span>'));
}
