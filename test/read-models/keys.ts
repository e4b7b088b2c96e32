/** Every character that text can hold, 8,000 to a key. */
export function keysOfEveryCharacter(): readonly string[] {
  const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
  const codes = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => !isSurrogate(code));
  return Array.from({ length: Math.ceil(codes.length / 8_000) }, (_, at) => String.fromCodePoint(...codes.slice(at * 8_000, (at + 1) * 8_000)));
}

/** So many keys of one character, from a code point on. */
export function keysFrom(code: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => String.fromCodePoint(code + at));
}

/** Keys that something on the way might take for something else. */
export const ODD_KEYS: readonly string[] = [
  ...['', ' ', '0', '00', '-1', '1e3', '.', 'a.b', '$set', '$', '%', '_', '*', '?', "'", '"', '`', '\\', '\u0000', 'a\u0000', 'a\u0000b', '\n', '\t', '\u007f'],
  ...['null', 'true', '__proto__', 'constructor', 'A', 'a', 'é', 'e\u0301', '考生', '\ud7ff', '\ue000', '\ufeff', '\uffff', '\u{10000}', '\u{10ffff}'],
];
