/** A text in base64 in which something was changed: not at its end, whose last bits may mean nothing. */
export function tampered(text: string): string {
  const at = text.length - 10;
  return `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}
