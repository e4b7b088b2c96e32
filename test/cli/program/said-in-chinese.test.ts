import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));

/** Errors whose messages people read on the command line. */
const SAID = [
  'AnotherInstallation',
  'AnotherLog',
  'BadBackup',
  'BadChange',
  'BadDailyFile',
  'BadEventStoreUrl',
  'BadFolder',
  'BadMongodbUrl',
  'BadRotation',
  'BadSettings',
  'BadValue',
  'CommandRefused',
  'DamagedFile',
  'LogRefused',
  'LogReplaced',
  'NotEnoughSpace',
  'StoreUnavailable',
  'TransientError',
  'UnfitKey',
  'UnreadableInstallation',
  'UnservedReadModel',
  'UnusableLog',
  'UnusableReadModels',
  'UnusableStore',
  'WebProcessStartFailed',
  'WrongUse',
];
const MADE = new RegExp(`new (?:${SAID.join('|')})\\(\\s*(?:'[a-z_.]+',\\s*)?(?:\`([^\`]*)\`|'([^']*)')`, 'g');
const HAN = /\p{Script=Han}/u;
/** More than the name of a setting or a file. */
const ENGLISH = /[a-z]{2,} [a-z]{2,}/;

it('What the command line says of what went wrong is said in Chinese', () => {
  const files = globSync('**/*.ts', { cwd: source });
  const messages = files.flatMap((file) => [...readFileSync(`${source}${file}`, 'utf8').matchAll(MADE)].map(([, one, other]) => `${file}: ${one ?? other}`));
  expect(messages.length).toBeGreaterThan(100);
  expect(messages.filter((message) => ENGLISH.test(message.replace(/\$\{.*?\}/g, '')) && !HAN.test(message))).toEqual([]);
});
