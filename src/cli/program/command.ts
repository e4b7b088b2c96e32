import type { Settings } from '../../settings/settings.js';
import type { NeededData } from './needed-data.js';
import type { Output } from './output.js';
import type { Option, Parameter } from './parameters.js';

/** The headings of the help, in its order. */
export const GROUPS = {
  running: '运行和数据：',
  looking: '查看：',
  builds: '读模型的版本：',
  office: '办理：',
  other: '其他：',
} as const;

/** What commands of two words have in common, by the first of them. */
export const FAMILIES: Readonly<Record<string, string>> = { office: '办公室的账号', correction: '更正的提议' };

type Parameters = Readonly<Record<string, Parameter>>;
type Options = Readonly<Record<string, Option>>;

/** What was given on the command line, by the names of the declaration. */
type Given<P extends Parameters, O extends Options> = { readonly [Name in keyof P]: ReturnType<P[Name]['read']> } & {
  readonly [Name in keyof O]: ReturnType<O[Name]['read']>;
};

/** What a command works with beside what it was given. */
export interface Context {
  readonly settings: Settings;
  readonly out: Output;
  /**
   * Aborts when the command is to end, with Ctrl-C or when the system goes down. A command that reads it ends by itself; any other is ended
   * at once.
   */
  readonly signal: AbortSignal;
  /** Asks whether to go on, unless `--yes` says so; of commands that declare `asks`. @throws WrongUse where nobody can be asked, CommandRefused */
  readonly confirm: (question: string) => Promise<void>;
  /** Every command there is, for those that speak of them. */
  readonly commands: readonly Command[];
}

/** What has come of a command. */
export interface CommandResult {
  /** The last line of the output with `--json`: stable English keys. */
  readonly json: object;
  /** That something differs, was kept out or is not well: the command ends with 1. */
  readonly differs?: boolean;
  /** What kept it from a part of its work: it ends as this does, with the rest in its result. */
  readonly failure?: unknown;
  /** What it goes on doing once its result is shown. */
  readonly afterwards?: () => Promise<void>;
}

/** A command of the command line. All commands take `--json` and `--quiet` too, and those that destroy or ask `--yes`. */
export interface Command<P extends Parameters = Parameters, O extends Options = Options> {
  /** One word, or two of which the first is in FAMILIES. */
  readonly name: string;
  readonly group: keyof typeof GROUPS;
  /** One sentence. */
  readonly says: string;
  readonly arguments?: P;
  readonly options?: O;
  /** What follows `personal-centre`, with values that make sense. */
  readonly example: string;
  /** What has to be there before it begins. */
  needs(given: Given<P, O>): NeededData;
  /** Whether it changes something in DATA_DIR, which is then named. */
  writes?(given: Given<P, O>): boolean;
  /** What will be gone, as a question that can be answered with yes or no; undefined where nothing will. */
  destroys?(given: Given<P, O>): string | undefined;
  /** Whether it asks by `confirm` once it has shown what would change or be gone. */
  readonly asks?: boolean;
  /** What may have been done when it is interrupted or a store does not answer, and how to go on; undefined where it changes nothing. */
  mayHaveDone?(given: Given<P, O>): string | undefined;
  /** Whether it serves until it is told to end: it takes signals itself, and its log is on standard output. */
  readonly serves?: boolean;
  /** Loads what it needs: help and wrong use are answered without. */
  run(given: Given<P, O>, context: Context): Promise<CommandResult>;
}

/** Whether it takes `--yes`. */
export function takesYes({ destroys, asks }: Command): boolean {
  return destroys !== undefined || asks === true;
}

/** Declares a command: what `run` is given follows from its arguments and options. */
export function command<const P extends Parameters, const O extends Options>(declared: Command<P, O>): Command {
  return declared;
}
