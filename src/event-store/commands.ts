import type { Command } from './command.js';
import type { Find, Handler, HandlerClass } from './handler.js';

/** Executes commands by their handlers: Nest's `CommandBus` for pages, `CommandDispatcher` elsewhere. */
export interface Commands {
  execute<Answer>(command: Command<Answer>): Promise<Answer>;
}

/** Executes commands for a caller that does not know the types of their answers. */
export interface UntypedCommands {
  execute(command: Command<unknown>): Promise<unknown>;
}

/** Executes commands without Nest's container. */
export class CommandDispatcher implements Commands {
  private readonly handlers: ReadonlyMap<unknown, Handler>;

  /**
   * @param find finds the instances that handlers need
   * @throws when one is missing
   */
  constructor(handlers: readonly HandlerClass[], find: Find) {
    this.handlers = new Map(handlers.map((each) => [each.command, each.with(find)]));
  }

  async execute<Answer>(command: Command<Answer>): Promise<Answer> {
    const handler = this.handlers.get(command.constructor);
    if (!handler) throw new Error(`nothing handles ${command.constructor.name}`);
    return handler.execute(command) as Promise<Answer>; // the command's class states the type of the result
  }
}
