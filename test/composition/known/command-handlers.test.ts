import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDomain } from '../../../src/composition/domain.js';
import { knownCommandHandlers } from '../../../src/composition/known/command-handlers.js';
import { Command } from '../../../src/event-store/command.js';

import { readSettings } from '../../../src/settings/settings.js';

const sources = fileURLToPath(new URL('../../../src/', import.meta.url));

class Unhandled extends Command<void> {}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'domain-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('The handlers of this release', () => {
  it('The handlers of this release exist for all commands', async () => {
    const files = globSync('**/*.command.ts', { cwd: sources });
    const exported = await Promise.all(files.map(async (file) => Object.values(await import(sources + file))));
    const handlers = exported.flat().filter((each) => typeof each === 'function' && 'command' in each);
    expect(handlers).toHaveLength(files.length);
    expect(new Set(knownCommandHandlers)).toEqual(new Set(handlers));
  });

  it('The handlers of this release all get what they need without Nest, and a command without a handler is refused', async () => {
    const domain = await openDomain(readSettings({ DATA_DIR: folder }));
    await expect(domain.commands.execute(new Unhandled())).rejects.toThrow('nothing handles Unhandled');
    await domain.close();
  });
});
