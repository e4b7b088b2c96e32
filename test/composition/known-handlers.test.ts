import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from '@nestjs/cqrs';
import { openDomain } from '../../src/composition/domain.js';
import { knownHandlers } from '../../src/composition/known-handlers.js';
import { FinishPasswordHandler } from '../../src/identity/passwords/password-consequences.js';
import { readSettings } from '../../src/settings/settings.js';

const sources = fileURLToPath(new URL('../../src/', import.meta.url));

class Unheard extends Command<void> {}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'domain-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('The handlers that need no page', () => {
  it('are those of all commands but the ones of a person’s sessions, and what follows from a new password', async () => {
    const files = globSync('**/*.command.ts', { cwd: sources, exclude: ['identity/**'] });
    const exported = await Promise.all(files.map(async (file) => Object.values(await import(sources + file))));
    const handlers = exported.flat().filter((each) => typeof each === 'function' && 'command' in each);
    expect(handlers).toHaveLength(files.length);
    expect(new Set(knownHandlers)).toEqual(new Set([...handlers, FinishPasswordHandler]));
  });

  it('are all given what they need without Nest, and anything else is refused', async () => {
    const domain = await openDomain(readSettings({ DATA_DIR: folder }));
    await expect(domain.commands.execute(new Unheard())).rejects.toThrow('nothing handles Unheard');
    await domain.close();
  });
});
