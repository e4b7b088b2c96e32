import { inflateSync } from 'node:zlib';

/** The text of a PDF as pdfkit writes it, by the maps that its fonts carry: what is found in it can be searched and copied. */
export function textOfPdf(pdf: Buffer): string {
  const objects = objectsOf(pdf.toString('latin1'));
  const fonts = new Map<string, ReadonlyMap<string, string>>();
  for (const { dictionary } of objects.values()) {
    for (const [, name = '', font = ''] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font)?.dictionary ?? '')?.[1];
      if (map) fonts.set(name, charactersOf(objects.get(map)?.stream ?? ''));
    }
  }
  let text = '';
  let characters: ReadonlyMap<string, string> = new Map();
  for (const { stream } of objects.values()) {
    for (const [, font, glyphs = ''] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (font) characters = fonts.get(font) ?? new Map();
      for (const [, run = ''] of glyphs.matchAll(/<([\da-f]+)>/g)) for (const [glyph] of run.matchAll(/.{4}/g)) text += characters.get(glyph) ?? '\uFFFD';
    }
  }
  return text;
}

function objectsOf(file: string): ReadonlyMap<string, { readonly dictionary: string; readonly stream: string }> {
  const found = [...file.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, number = '', body = '']) => {
    const [dictionary = '', rest] = body.split('\nstream\n');
    const bytes = Buffer.from((rest ?? '').replace(/\nendstream$/, ''), 'latin1');
    const isPacked = dictionary.includes('/FlateDecode');
    return [number, { dictionary, stream: rest === undefined ? '' : isPacked ? inflateSync(bytes).toString('latin1') : bytes.toString('latin1') }] as const;
  });
  return new Map(found);
}

/** What each glyph stands for: the lists of a ToUnicode map, their glyphs counted up. */
function charactersOf(map: string): ReadonlyMap<string, string> {
  const characters = new Map<string, string>();
  for (const [, from = '', list = ''] of map.matchAll(/<([\da-f]{4})> <[\da-f]{4}> \[([^\]]*)\]/gi)) {
    for (const [at, [, code = '']] of [...list.matchAll(/<([\da-f ]+)>/gi)].entries()) {
      characters.set((Number.parseInt(from, 16) + at).toString(16).padStart(4, '0'), Buffer.from(code.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'));
    }
  }
  return characters;
}
