import type { CommanderError, Help } from 'commander';
import { nearestTo } from '../../kernel/nearest.js';
import { WrongUse } from './errors.js';

/** What commander says in English, by its code. */
const SENTENCES: Readonly<Record<string, { readonly code: string; readonly english: RegExp; readonly chinese: string }>> = {
  'commander.unknownCommand': { code: 'unknown_command', english: /unknown command '(.*)'/, chinese: '没有命令 $1' },
  'commander.unknownOption': { code: 'unknown_option', english: /unknown option '(.*)'/, chinese: '没有选项 $1' },
  'commander.missingArgument': { code: 'missing_argument', english: /missing required argument '(.*)'/, chinese: '缺少参数 <$1>' },
  'commander.optionMissingArgument': { code: 'missing_value', english: /option '(.*)' argument missing/, chinese: '选项 $1 后面缺少值' },
  'commander.excessArguments': { code: 'too_many_arguments', english: /too many arguments.* but got \d+: (.*)\./, chinese: '参数太多：$1' },
};

/** Of commander's suggestion `(Did you mean one of a, b?)`. */
const SUGGESTION = /\(Did you mean (?:one of )?(.*)\?\)/;

/** What commander found wrong, in Chinese. */
export function wrongUse({ code: english, message }: CommanderError, hint: string): WrongUse {
  if (english === 'commander.help') return new WrongUse('missing_command', '缺少命令', hint);
  const sentence = SENTENCES[english];
  const found = sentence?.english.exec(message);
  if (!sentence || !found) return new WrongUse('wrong_use', message, hint);
  const [, wrong = ''] = found;
  const suggested = (SUGGESTION.exec(message)?.[1]?.split(', ') ?? []).filter((each) => nearestTo(bare(wrong), [bare(each)]).length > 0);
  const said = sentence.chinese.replace('$1', () => wrong);
  return new WrongUse(sentence.code, suggested.length === 0 ? said : `${said}（是不是 ${suggested.join('、')}？）`, hint);
}

/** Without the dashes, which make any two options look alike. */
function bare(option: string): string {
  return option.replace(/^-+/, '');
}

const TITLES: Readonly<Record<string, string>> = { 'Usage:': '用法：', 'Arguments:': '参数：', 'Options:': '选项：', 'Commands:': '命令：' };

/** A heading of the help. */
export function titleOf(english: string): string {
  return TITLES[english] ?? english;
}

/** Chinese has no spaces at which lines could be broken: the terminal does it. */
export const boxWrap: Help['boxWrap'] = (text) => text;
