/** Names that one sentence lists. */
const MOST = 10;

/** Which names there are beside one that there is not: those that share a part of it, otherwise the first ones. */
export function nearestSentence(name: string, known: readonly string[]): string {
  if (known.length === 0) return '文档是空的';
  const parts = new Set(name.split('.'));
  const near = known.filter((each) => each.split('.').some((part) => parts.has(part)));
  const named = near.length > 0 ? near : known;
  const more = named.length > MOST ? ` 等 ${named.length} 个` : '';
  return `${near.length > 0 ? '相近的有' : '现有'}：${named.slice(0, MOST).join('、')}${more}`;
}
