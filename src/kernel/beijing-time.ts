/** Beijing has kept one offset since 1991, in which nothing of the centre lies. */
export const BEIJING_OFFSET = '+08:00';
const MILLISECONDS = 8 * 60 * 60 * 1_000;

/** An instant `2026-11-29T12:30:00.000Z` as `2026-11-29T20:30:00+08:00`: whole, so that it means the same where it is pasted. */
export function beijing(instant: string | Date): string {
  const text = new Date(new Date(instant).getTime() + MILLISECONDS).toISOString();
  return text.replace(/(?:\.000)?Z$/, '') + BEIJING_OFFSET;
}
