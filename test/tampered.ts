/** A base64 text with one changed character, not at its end, where some bits are unused. */
export function tampered(text: string): string {
  const at = text.length - 10;
  return `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}
