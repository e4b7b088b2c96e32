import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Argument, Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { projectRoot } from '../../web/views/view-files.js';
import { boxWrap, titleOf, wrongUse } from './chinese.js';
import { type Command, FAMILIES, GROUPS, takesYes } from './command.js';
import { BadValue, WrongUse } from './errors.js';
import { EXIT } from './exit-codes.js';
import { flagOf } from './names.js';
import { Output } from './output.js';
import type { Option } from './parameters.js';
import { runCommand } from './run-command.js';

const NAME = 'personal-centre';
const OPTIONS = '[选项]';

/** Runs what a command line says. @returns what the process is to end with */
export async function main(argv: readonly string[], commands: readonly Command[]): Promise<number> {
  let ended: number = EXIT.well;
  const program = programOf(commands, (code) => {
    ended = code;
  });
  const json = argv.includes('--json');
  let said = '';
  if (json) sayTo(program, (text) => (said += text));
  try {
    await program.parseAsync(toParse(argv, program), { from: 'user' });
    return ended;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      new Output({ json, quiet: false }).result(error.code === 'commander.version' ? { version: said.trim() } : { help: said });
      return EXIT.well;
    }
    const named = commands.find(({ name }) => name === argv[0] || name === argv.slice(0, 2).join(' '));
    const wrong = error instanceof CommanderError ? wrongUse(error, `用法见 ${NAME} ${named ? `${named.name} ` : ''}--help`) : error;
    if (!(wrong instanceof WrongUse)) throw error;
    const { code, message, hint } = wrong;
    new Output({ json, quiet: false }).failure({ code, message, hint, exit: EXIT.wrongUse });
    return EXIT.wrongUse;
  }
}

/** The version and the help are told to somebody else than stdout, without colours. */
function sayTo(program: Commander, tell: (text: string) => void): void {
  for (const each of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    each.configureOutput({ ...each.configureOutput(), writeOut: tell, getOutHasColors: () => false });
}

/** `help X` is `X --help`, and of a command that there is not neither is there help. */
function toParse(argv: readonly string[], program: Commander): readonly string[] {
  const words = argv[0] === 'help' ? [...argv.slice(1).filter((each) => each !== '--json'), '--help'] : argv;
  const [first, ...rest] = words;
  if (first === undefined || first.startsWith('-') || first === 'help') return words;
  const named = program.commands.find((each) => each.name() === first);
  if (!named) return [first];
  const [second] = rest;
  const isUnknown = second !== undefined && !second.startsWith('-') && named.commands.length > 0 && !named.commands.some((each) => each.name() === second);
  return isUnknown ? [first, second] : [first, ...rest];
}

/** The commands as commander knows them. */
function programOf(commands: readonly Command[], ends: (code: number) => void): Commander {
  const program = new Commander(NAME)
    .description('北京自考考生个人中心')
    .usage(`COMMAND ${OPTIONS}`)
    .version(version(), '-V, --version', '显示版本')
    .helpOption('-h, --help', '显示帮助')
    .enablePositionalOptions()
    .commandsGroup(GROUPS.other)
    .helpCommand('help [COMMAND]', '显示某个命令的帮助')
    .configureHelp({ sortSubcommands: true, sortOptions: true, boxWrap, subcommandTerm, styleTitle: (title) => bold(titleOf(title)) })
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', `\n命令以 0 结束：一切正常；1：有不同或被拒绝；2：用法不对；3：连接不上；130：被中断。`)
    .exitOverride();
  for (const group of Object.keys(GROUPS)) {
    for (const each of commands) if (each.group === group) addCommand(program, each, commands, ends);
  }
  return program;
}

function addCommand(program: Commander, command: Command, commands: readonly Command[], ends: (code: number) => void): void {
  const { name, says, group, example, arguments: parameters = {}, options = {} } = command;
  const [first = '', second] = name.split(' ');
  const added = second === undefined ? program.command(first) : groupOf(program, first, group).command(second);
  added.description(says).helpGroup(GROUPS[group]);
  for (const { term, says: about } of Object.values(parameters)) added.addArgument(new Argument(term, about));
  for (const [key, option] of Object.entries(options)) added.addOption(commanderOption(key, option));
  added.option('--json', '标准输出只有 JSON，最后一行是结果').option('--quiet', '不显示进度和说明');
  if (takesYes(command)) added.option('--yes', '不再询问');
  const hasTerms = Object.keys(parameters).length > 0;
  added.usage(
    `[选项]${
      hasTerms
        ? ` ${Object.values(parameters)
            .map(({ term }) => term)
            .join(' ')}`
        : ''
    }`,
  );
  added.addHelpText('after', `\n${bold('例：')}\n  ${NAME} ${example}`);
  added.action(async () => {
    const found: Readonly<Record<string, unknown>> = added.opts();
    const given: Record<string, unknown> = {};
    for (const [at, [key, parameter]] of Object.entries(parameters).entries()) given[key] = read(parameter.term, () => parameter.read(added.processedArgs[at]));
    for (const [key, option] of Object.entries(options)) given[key] = read(flagOf(key), () => option.read(found[key]));
    ends(await runCommand(command, given, { json: found.json === true, quiet: found.quiet === true, yes: found.yes === true }, commands));
  });
}

/** The command that those of two words begin with, such as `office`: by itself it only shows them. */
function groupOf(program: Commander, name: string, group: Command['group']): Commander {
  const known = program.commands.find((each) => each.name() === name);
  return (
    known ??
    program
      .command(name)
      .usage(`COMMAND ${OPTIONS}`)
      .description(FAMILIES[name] ?? '')
      .helpGroup(GROUPS[group])
      .helpCommand(false)
      .enablePositionalOptions() // those of its commands stay theirs
      .addOption(new CommanderOption('--json').hideHelp()) // what is wrong without a second word is said as JSON too
  );
}

function commanderOption(key: string, { metavar, says, repeats }: Option): CommanderOption {
  const option = new CommanderOption(metavar === undefined ? flagOf(key) : `${flagOf(key)} <${metavar}>`, says);
  return repeats ? option.argParser((text: string, before: readonly string[] = []) => [...before, text]) : option;
}

/** What a line of the help calls a command: without its options, which all have. */
function subcommandTerm(command: Commander): string {
  return `${command.name()} ${command.usage().replace(OPTIONS, '').trim()}`;
}

/** @throws WrongUse that names the argument or option */
function read<Value>(term: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw error instanceof BadValue ? new WrongUse('bad_value', `${term} ${error.message}`) : error;
  }
}

function version(): string {
  return (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version;
}

function bold(text: string): string {
  return styleText('bold', text, { validateStream: false }); // commander takes it away where no colours are shown
}
