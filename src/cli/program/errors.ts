/** The command line says what no command understands; nothing was begun. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
  /**
   * @param code stable English, for programs
   * @param message for people
   * @param hint where to look
   */
  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** A command cannot do what it is asked for; the message is for people. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  /** @param code stable English, for programs */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A value of an argument or option has the wrong form; the message goes on after its name: `应为 1 到 100 的整数`. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
}
