import type { Command } from '@nestjs/cqrs';
import type { Find, Handler, HandlerClass } from './handler.js';

/** Gives commands to their handlers: Nest's `CommandBus` beside pages, `HandledCommands` elsewhere. */
export interface Commands {
  execute<Answer>(command: Command<Answer>): Promise<Answer>;
}

/** Commands without Nest's container. */
export class CommandDispatcher implements Commands {
  private readonly handlers: ReadonlyMap<unknown, Handler>;

  /** @param find gives handlers what they need. @throws where it finds no instance */
  constructor(handlers: readonly HandlerClass[], find: Find) {
    this.handlers = new Map(handlers.map((each) => [each.command, each.with(find)]));
  }

  async execute<Answer>(command: Command<Answer>): Promise<Answer> {
    const handler = this.handlers.get(command.constructor);
    if (!handler) throw new Error(`nothing handles ${command.constructor.name}`);
    return handler.execute(command) as Promise<Answer>; // what its class says that it answers
  }
}
