import { type Command, command, FAMILIES, takesYes } from './command.js';
import { flagOf } from './names.js';
import { argument, choiceOf } from './parameters.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completion = command({
  name: 'completion',
  group: 'other',
  says: '给出命令行的补全脚本',
  arguments: { shell: argument('SHELL', '命令行的种类：bash、zsh 或 fish', choiceOf(...SHELLS), SHELLS) },
  example: 'completion bash > /etc/bash_completion.d/personal-centre',
  needs: () => 'nothing',
  run: async ({ shell }, { settings, commands, out }) => {
    const { projectionsFor } = await import('../../composition/known/projections.js');
    const script = scripts[shell](wordsOf(commands, [...new Set(projectionsFor(settings).map(({ name }) => name))]));
    out.answer(script.trimEnd());
    return { json: { shell, script } };
  },
});

/** What can follow the name of a command. */
interface Words {
  readonly name: string;
  readonly says: string;
  readonly options: readonly { readonly flag: string; readonly takesValue: boolean; readonly says: string }[];
  /** Values of its arguments; none where they are files or keys. */
  readonly values: readonly string[];
}

function wordsOf(commands: readonly Command[], readModels: readonly string[]): readonly Words[] {
  const of = (each: Command): Words => ({
    name: each.name,
    says: each.says,
    options: [
      ...Object.entries(each.options ?? {}).map(([key, { metavar, says }]) => ({ flag: flagOf(key), takesValue: metavar !== undefined, says })),
      { flag: '--json', takesValue: false, says: 'JSON' },
      { flag: '--quiet', takesValue: false, says: '不显示进度和说明' },
      ...(takesYes(each) ? [{ flag: '--yes', takesValue: false, says: '不再询问' }] : []),
      { flag: '--help', takesValue: false, says: '显示帮助' },
    ],
    values: Object.values(each.arguments ?? {}).flatMap(({ completes = [] }) => (completes === 'read-models' ? readModels : completes)),
  });
  const families = Map.groupBy(commands.map(of), ({ name }) => name.split(' ')[0] ?? name);
  const words = [...families].map(([name, members]) => (members.every((each) => each.name === name) ? members : [familyOf(name, members)]));
  return [...words.flat(), { name: 'help', says: '显示某个命令的帮助', options: [], values: [...families.keys()] }];
}

/** Commands of two words: the second words are completed as values of the first one are. */
function familyOf(name: string, members: readonly Words[]): Words {
  const options = new Map(members.flatMap((each) => each.options).map((option) => [option.flag, option]));
  const seconds = members.map((each) => each.name.slice(name.length + 1));
  return { name, says: FAMILIES[name] ?? '', options: [...options.values()], values: [...seconds, ...members.flatMap((each) => each.values)] };
}

/** By shell. Where nothing is known, files are completed. */
const scripts: Readonly<Record<(typeof SHELLS)[number], (words: readonly Words[]) => string>> = {
  bash: (words) => `_personal_centre() {
  local cur=\${COMP_WORDS[COMP_CWORD]} words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${words.map(({ name }) => name).join(' ')} --help --version'
  else
    case \${COMP_WORDS[1]} in
${words.map(({ name, options, values }) => `      ${name}) words='${[...options.map(({ flag }) => flag), ...values].join(' ')}' ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _personal_centre personal-centre
`,
  zsh: (words) => `#compdef personal-centre
_personal_centre() {
  local -a commands=(
${words.map(({ name, says }) => `    ${quoted(`${name}:${says}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe '命令' commands; return; fi
  shift words; (( CURRENT-- ))
  case $words[1] in
${words.map(({ name, options, values }) => `    ${name}) _arguments ${[...options.map(zshOption), zshValues(values)].join(' ')} ;;`).join('\n')}
  esac
}
compdef _personal_centre personal-centre
`,
  fish: (words) =>
    words
      .flatMap(({ name, says, options, values }) => [
        `complete -c personal-centre -n __fish_use_subcommand -a ${name} -d ${quoted(says)}`,
        ...options.map(
          ({ flag, takesValue, says: about }) =>
            `complete -c personal-centre -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(about)}`,
        ),
        ...(values.length > 0 ? [`complete -c personal-centre -f -n '__fish_seen_subcommand_from ${name}' -a '${values.join(' ')}'`] : []),
      ])
      .join('\n')
      .concat('\n'),
};

function zshOption({ flag, takesValue, says }: Words['options'][number]): string {
  return quoted(`${flag}[${says.replace(/[[\]:]/g, '\\$&')}]${takesValue ? ':value:_files' : ''}`);
}

function zshValues(values: readonly string[]): string {
  return quoted(values.length > 0 ? `*:value:(${values.join(' ')})` : '*:file:_files');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
