import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { knownCommands } from '../../../src/cli/known-commands.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
  for (const shell of SHELLS) writeFileSync(join(folder, shell), jsonOf<{ script: string }>(await told(['completion', shell, '--json'])).script);
  writeFileSync(join(folder, 'capture.zsh'), CAPTURE);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Types a line into zsh on a terminal, presses Tab, and prints what is offered: zsh completes nowhere else. */
const CAPTURE = String.raw`
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -D; source ./zsh; unsetopt beep'
zpty -w shell 'compadd() { if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits; builtin compadd -A hits "$@"; print -l "" hit:$^hits; builtin compadd "$@" }'
zpty -w shell 'end-of-it() { print; print end:; zle kill-whole-line }; zle -N end-of-it
  bindkey "^X" end-of-it; bindkey "^I" complete-word; print re""ady:'
zpty -r shell before '*ready:*'
zpty -w -n shell "$1"$'\t\x18'
zpty -r shell offered '*end:*'
print -r -- $offered
`.replaceAll('\\$', '$');

/** What a shell offers for a line whose last word is being typed. */
const ask: Readonly<Record<Shell, (line: string) => readonly string[]>> = {
  bash: (line) => {
    const words = line.split(' ');
    const typed = words.map((word) => `'${word}'`).join(' ');
    return outputOf('bash', [
      '-c',
      `source ./bash; COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _personal_centre; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]);
  },
  zsh: (line) => outputOf('zsh', ['-f', 'capture.zsh', line]).flatMap((each) => /^hit:(.*)$/.exec(each)?.[1] ?? []),
  fish: (line) => outputOf('fish', ['--no-config', '-c', `source ./fish; complete -C '${line}'`]).map((each) => each.split('\t')[0] ?? ''),
};

function outputOf(shell: Shell, args: readonly string[]): readonly string[] {
  return execFileSync(shell, args, { cwd: folder, encoding: 'utf8' }).replaceAll('\r', '').trimEnd().split('\n');
}

const isHere = (shell: Shell) => spawnSync(shell, ['-c', 'true']).status === 0;

describe('The completion of the command line', () => {
  for (const shell of SHELLS) {
    const tried = isHere(shell) ? it : it.skip;
    tried(
      `The completion of the command line offers commands, their options, read models and other values in ${shell}${isHere(shell) ? '' : ', which is not installed here'}`,
      () => {
        const offered = (line: string) => ask[shell](`personal-centre ${line}`);
        expect(offered('re')).toEqual(expect.arrayContaining(['replay', 'retry', 'reconcile', 'reset-code']));
        expect(offered('import --')).toEqual(expect.arrayContaining(['--dry-run', '--skip-bad-rows', '--by', '--json', '--quiet', '--help']));
        expect(offered('drop --y')).toEqual(['--yes']);
        expect(offered('replay bil')).toEqual(['bills']);
        expect(offered('completion z')).toEqual(['zsh']);
        expect(offered('help verif')).toEqual(['verify']);
        expect(offered('office res')).toEqual(['reset-factor']);
      },
    );
  }

  it.each(SHELLS)('The completion of the command line names every command in %s', (shell) => {
    const script = readFileSync(join(folder, shell), 'utf8');
    for (const word of knownCommands.flatMap(({ name }) => name.split(' '))) expect(script).toMatch(new RegExp(`\\b${word}\\b`));
  });
});
