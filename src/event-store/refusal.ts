type Values = Readonly<Record<string, string | number>>;

/** A rule says no: for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /**
   * @param code stable; commands, metrics and tests know the refusal by it
   * @param text what people are told, with `{name}` for each value
   */
  constructor(
    readonly code: string,
    readonly text: string,
    readonly values: Values = {},
  ) {
    super(code);
  }
}

/** Makes the refusals of one module: by code, what people are told. A code without a text does not compile. */
export function refusals<const Texts extends Readonly<Record<string, string>>>(texts: Texts) {
  return (code: keyof Texts & string, values?: Values): Refusal => new Refusal(code, texts[code] as string, values);
}
