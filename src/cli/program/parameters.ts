import { noteProblem } from '../../office/note-problem.js';
import { BadValue } from './errors.js';

/** An argument, and how its value is read from what commander has found. */
export interface Parameter<Value = unknown> {
  /** As commander wants it: `<KEY>`, `[FIELD]` or `[NAME...]`. */
  readonly term: string;
  readonly says: string;
  /** Whether its values are read models: the shell completes them. */
  readonly completes?: 'read-models' | readonly string[] | undefined;
  /** @throws BadValue */
  read(given: unknown): Value;
}

/** An option, whose name is that of its property: `dryRun` is `--dry-run`. */
export interface Option<Value = unknown> {
  /** What stands for its value in the help; none of a flag. */
  readonly metavar?: string;
  readonly says: string;
  /** Whether it can be given more than once. */
  readonly repeats?: boolean;
  /** @throws BadValue */
  read(given: unknown): Value;
}

type Parse<Value> = (text: string) => Value;

export const asText: Parse<string> = (text) => text;

export function argument<Value = string>(name: string, says: string, parse: Parse<Value>, completes?: Parameter['completes']): Parameter<Value> {
  return { term: `<${name}>`, says, completes, read: (given) => parse(String(given)) };
}

export function optionalArgument(name: string, says: string, completes?: Parameter['completes']): Parameter<string | undefined> {
  return { term: `[${name}]`, says, completes, read: (given) => (given === undefined ? undefined : String(given)) };
}

/** Any number of them, also none. */
export function restArguments(name: string, says: string, completes?: Parameter['completes']): Parameter<readonly string[]> {
  return { term: `[${name}...]`, says, completes, read: texts };
}

export function flag(says: string): Option<boolean> {
  return { says, read: (given) => given === true };
}

export function option<Value>(metavar: string, says: string, parse: Parse<Value>): Option<Value | undefined> {
  return { metavar, says, read: (given) => (given === undefined ? undefined : parse(String(given))) };
}

/** One without which the command is used wrongly. */
export function requiredOption<Value>(metavar: string, says: string, parse: Parse<Value>): Option<Value> {
  return {
    metavar,
    says: `${says}（必须给出）`,
    read: (given) => {
      if (given === undefined) throw new BadValue('必须给出');
      return parse(String(given));
    },
  };
}

/** With the value that it has where it is not given. */
export function optionOr<Value>(initially: Value, metavar: string, says: string, parse: Parse<Value>): Option<Value> {
  return { metavar, says: `${says}（默认 ${String(initially)}）`, read: (given) => (given === undefined ? initially : parse(String(given))) };
}

export function repeatedOption(metavar: string, says: string): Option<readonly string[]> {
  return { metavar, says: `${says}，可以多次给出`, repeats: true, read: texts };
}

function texts(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.map(String) : [];
}

export function wholeNumber(least: number, most: number): Parse<number> {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) throw new BadValue(`应为 ${least} 到 ${most} 的整数`);
    return number;
  };
}

export function choiceOf<const Choice extends string>(...choices: readonly Choice[]): Parse<Choice> {
  return (text) => {
    const choice = choices.find((each) => each === text);
    if (choice === undefined) throw new BadValue(`应为 ${choices.join('、')} 之一`);
    return choice;
  };
}

const ACCOUNT = /^[\w.-]{1,64}$/;

/** The account of a person of the office. */
export function account(text: string): string {
  if (!ACCOUNT.test(text)) throw new BadValue('应为办理人的账号，由字母、数字和 . _ - 组成');
  return text;
}

/** Who recorded something, as events say it: the account of a person of the office with or without `office:`, or another name or id. */
export function recorder(text: string): string {
  return account(text.replace(/^office:/, ''));
}

/** What a person of the office writes: one line that names nobody. */
export function note(text: string): string {
  const problem = noteProblem(text);
  if (problem !== undefined) throw new BadValue(problem);
  return text.trim();
}
