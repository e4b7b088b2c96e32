/** A rule says no: for people. Its code is stable and is the key of its message; `values` fill the message in. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: string,
    readonly values: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
  }
}
