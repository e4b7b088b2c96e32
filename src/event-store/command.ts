import type { Command as NestCommand } from '@nestjs/cqrs';

/** What is asked to be recorded; its handler answers with an `Answer`. */
export type Command<Answer> = NestCommand<Answer>;

/** The class of commands. Nest's has no code either, but importing it would load Nest into threads and commands that work without it. */
export const Command = class {} as new <Answer>() => Command<Answer>;
