type Values = Readonly<Record<string, string | number>>;

/** A rule refuses a command. The text is for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /**
   * @param code stable; commands, metrics and tests identify the refusal by it
   * @param text shown to people, with `{name}` in place of each value
   */
  constructor(
    readonly code: string,
    readonly text: string,
    readonly values: Values = {},
  ) {
    super(code);
  }
}

/** Creates a module's refusals from its texts by code. A code without a text does not compile. */
export function refusals<const Texts extends Readonly<Record<string, string>>>(texts: Texts) {
  return (code: keyof Texts & string, values?: Values): Refusal => new Refusal(code, texts[code] as string, values);
}
