import { correctionCommands } from './corrections/commands.js';
import { dataCommands } from './data/commands.js';
import { lookingCommands } from './looking/commands.js';
import { accountCommands } from './office/accounts/commands.js';
import { officeCommands } from './office/commands.js';
import type { Command } from './program/command.js';
import { completion } from './program/completion.js';
import { readModelCommands } from './read-models/commands.js';

export const knownCommands: readonly Command[] = [
  ...dataCommands,
  ...lookingCommands,
  ...readModelCommands,
  ...officeCommands,
  ...accountCommands,
  ...correctionCommands,
  completion,
];
