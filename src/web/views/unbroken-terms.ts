/** Terms that a line must not break: a date, an amount, a number with its unit; and the dot between two facts, which stays with the second. */
const TERMS = /(?:(?:还有 )?\d+(?:\.\d+)?(?:年\d+月(?:\d+日)?|月\d+日|:\d\d 截止| (?:元|天|门|分钟|小时|笔|次|岁|个|份))|¥ \d[\d.]*|[A-H] 单元|· )(?![^<>]*>)/g;
/** Elements of running text; none holds another of its kind. */
const RUNNING_TEXT = /<(p|dd|small)(?=[ >])[^>]*>[\s\S]*?<\/\1>/g;

/**
 * Marks dates, amounts and numbers in the running text of a page so that no line breaks within them (`.whole` in public/look.css).
 * Headings, buttons and rows are short and are left as they are.
 * @param html as templates write it: no `>` within attributes, no scripts
 */
export function withUnbrokenTerms(html: string): string {
  return html.replace(RUNNING_TEXT, (element) => element.replace(TERMS, '<span class="whole">$&</span>'));
}
