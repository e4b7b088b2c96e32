import leven from 'leven';

/** Names that one sentence lists. */
const MOST = 10;
/** Edits at most between a name and one that is near it, and how much of the longer one may differ. */
const MOST_EDITS = 3;
const MOST_OF_IT = 0.4;

/** The names nearest to one that there is not, the nearest first: by edits, or because one is the beginning of the other. */
export function nearestTo(name: string, known: Iterable<string>, most = 5): readonly string[] {
  const near: { readonly each: string; readonly edits: number }[] = [];
  for (const each of known) {
    const edits = editsBetween(name, each);
    if (edits !== undefined) near.push({ each, edits });
  }
  near.sort((one, other) => one.edits - other.edits || (one.each < other.each ? -1 : 1));
  return near.slice(0, most).map(({ each }) => each);
}

/** Undefined where they are far from one another. */
function editsBetween(name: string, each: string): number | undefined {
  if (name !== '' && each.startsWith(name)) return 0; // cut off when it was copied
  const longer = Math.max(name.length, each.length);
  if (Math.abs(name.length - each.length) > MOST_EDITS) return undefined;
  const edits = leven(name, each);
  return edits <= MOST_EDITS && edits <= MOST_OF_IT * longer ? edits : undefined;
}

/** Which names there are beside one that there is not: the nearest, those that share a part of it, otherwise the first ones. */
export function nearestSentence(name: string, known: readonly string[]): string {
  if (known.length === 0) return '现在一个也没有';
  const parts = new Set(name.split('.'));
  const nearest = nearestTo(name, known);
  const near = nearest.length > 0 ? nearest : known.filter((each) => each.split('.').some((part) => parts.has(part)));
  const named = near.length > 0 ? near : known;
  const more = named.length > MOST ? ` 等 ${named.length} 个` : '';
  return `${near.length > 0 ? '相近的有' : '现有'}：${named.slice(0, MOST).join('、')}${more}`;
}
