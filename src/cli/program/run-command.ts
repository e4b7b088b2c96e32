import { resolve } from 'node:path';
import type { Command } from './command.js';
import { assertAnswerable, confirm } from './confirm.js';
import { EXIT } from './exit-codes.js';
import { Interruption } from './interrupt.js';
import { assertReadModelsKnown } from './known-names.js';
import { assertNeeded } from './needed-data.js';
import { Output } from './output.js';

/** What every command takes. */
export interface CommonOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly yes: boolean;
}

type Given = Parameters<Command['run']>[0];

/** Runs a command with what it was given, says what has come of it, and answers with what the process is to end. */
export async function runCommand(command: Command, given: Given, { yes, ...how }: CommonOptions, commands: readonly Command[]): Promise<number> {
  const out = new Output(how);
  let isAsking = false;
  const fail = async (error: unknown, beside?: object): Promise<number> => {
    const { failureOf } = await import('./failures.js');
    const failure = failureOf(error, isAsking ? undefined : command.mayHaveDone?.(given));
    out.failure(failure, beside);
    return failure.exit;
  };
  if (!command.serves) process.env.LOG_FD = '2'; // before anything that logs is loaded
  const interruption = command.serves ? undefined : new Interruption((why) => void fail(why).then((code) => process.exit(code)));
  try {
    const question = yes ? undefined : command.destroys?.(given);
    if (question !== undefined) assertAnswerable(question);
    const { readSettings } = await import('../../settings/settings.js');
    const settings = readSettings(process.env);
    await assertReadModelsKnown(command, given, settings);
    await assertNeeded(command.needs(given), settings);
    const dataDir = command.writes?.(given) ? resolve(settings.DATA_DIR) : undefined;
    if (dataDir !== undefined) out.note(`数据文件夹：${dataDir}`);
    const ask = async (asked: string): Promise<void> => {
      if (!interruption) return;
      isAsking = true; // until it is answered, nothing was begun
      await confirm(asked, interruption.signal);
      isAsking = false;
    };
    if (question !== undefined) await ask(question);
    const context = {
      settings,
      out,
      commands,
      confirm: async (asked: string) => {
        if (yes) return;
        assertAnswerable(asked);
        await ask(asked);
      },
      get signal() {
        return interruption?.signal ?? new AbortController().signal;
      },
    };
    const { json, differs, failure, afterwards } = await command.run(given, context);
    if (failure !== undefined) return await fail(failure, json);
    out.result(dataDir === undefined ? json : { ...json, dataDir });
    await afterwards?.();
    return differs ? EXIT.differs : EXIT.well;
  } catch (error) {
    return fail(error);
  }
}
