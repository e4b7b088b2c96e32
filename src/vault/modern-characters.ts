/**
 * Characters that GBK and earlier editions of GB 18030 had in Unicode's private use area, and those that Unicode has for them
 * now. Sources: GBK 1.0 (1995) row FE for U+E815..E864; GB 18030-2000 and -2005, appendix E, which give most of these their
 * own code points, and the letters ḿ ǹ, the vertical punctuation and the description characters of rows A6, A8 and A9; and
 * GB 18030-2022, which leaves nothing in the private use area that has a code point of its own.
 */
const BLOCKS: readonly (readonly [first: number, characters: string])[] = [
  [0xe78d, '︐︒︑︓︔︕︖︗︘︙'],
  [0xe7c7, 'ḿǹ'],
  [0xe7e7, '〾⿰⿱⿲⿳⿴⿵⿶⿷⿸⿹⿺⿻'],
  [
    0xe815,
    '⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻',
  ],
];

const MODERN: ReadonlyMap<string, string> = new Map(
  BLOCKS.flatMap(([first, characters]) => [...characters].map((character, at) => [String.fromCodePoint(first + at), character] as const)),
);
const PRIVATE = /[\ue78d-\ue796\ue7c7\ue7c8\ue7e7-\ue7f3\ue815-\ue864]/g;

/** The text with private-use characters, for which phones have no glyph, replaced by their modern ones. */
export function withModernCharacters(text: string): string {
  return text.replace(PRIVATE, (character) => MODERN.get(character) ?? character);
}
