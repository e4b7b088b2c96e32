import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Sandbox } from '../../../demo/sandbox-bjt/sandbox.js';

it('The sandbox of 北京通 stores its secrets for its owner alone, and uses them again', async () => {
  const other = mkdtempSync(join(tmpdir(), 'bjt-'));
  const first = await Sandbox.start({ folder: other });
  await first.close();
  expect(statSync(join(other, 'kept.json')).mode & 0o777).toBe(0o600);
  const second = await Sandbox.start({ folder: other });
  expect(second.settings).toEqual(first.settings);
  await second.close();
  rmSync(other, { recursive: true });
});
