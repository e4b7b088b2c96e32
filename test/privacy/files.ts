import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is searched for: values that must stand nowhere in the clear, by what they are. */
export type Secrets = Readonly<Record<string, string | Uint8Array>>;

/** Where any of the values stands in the clear, in a file of the folder or in a line: as it is, as JSON or an address would write it. */
export function foundIn(folder: string, lines: readonly string[], secrets: Secrets): string[] {
  const places = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const texts = [...places.map((place) => [place, readFileSync(place)] as const), ['a line of the log', Buffer.from(lines.join('\n'))] as const];
  return Object.entries(secrets).flatMap(([what, value]) =>
    texts.filter(([, bytes]) => forms(value).some((form) => bytes.includes(form))).map(([place]) => `${what} stands in ${place}`),
  );
}

function forms(value: string | Uint8Array): readonly Buffer[] {
  if (typeof value !== 'string') return [Buffer.from(value)];
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [value, json, ascii, encodeURIComponent(value), Buffer.from(value).toString('base64url')].map((text) => Buffer.from(text));
}
