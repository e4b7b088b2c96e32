import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { knownCommands } from '../../../src/cli/known-commands.js';
import { jsonOf, run } from '../run.js';

const scriptFor = async (shell: string) => jsonOf<{ script: string }>(await run(['completion', shell, '--json']).ended).script;

describe('The completion of the command line', () => {
  /** What bash offers after some words, of which the last is being typed. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(personal-centre ${typed}); COMP_CWORD=${words.length}; _personal_centre; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', `${await scriptFor('bash')}\n${ask}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
  }

  it('offers commands, their options and read models in bash', async () => {
    expect(await offered('re')).toEqual(expect.arrayContaining(['replay', 'retry', 'reconcile', 'reset-code']));
    expect(await offered('import', '--')).toEqual(expect.arrayContaining(['--dry-run', '--skip-bad-rows', '--by', '--json', '--quiet', '--help']));
    expect(await offered('drop', '--y')).toEqual(['--yes']);
    expect(await offered('replay', 'bil')).toEqual(['bills']);
    expect(await offered('completion', 'z')).toEqual(['zsh']);
    expect(await offered('help', 'verif')).toEqual(['verify']);
    expect(await offered('office', 'res')).toEqual(['reset-factor']);
  });

  it.each(['bash', 'zsh', 'fish'])('names every command in %s', async (shell) => {
    const script = await scriptFor(shell);
    for (const word of knownCommands.flatMap(({ name }) => name.split(' '))) expect(script).toMatch(new RegExp(`\\b${word}\\b`));
  });
});
