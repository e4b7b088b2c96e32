import { expect, it } from '@jest/globals';
import { assertSameBuild, ProgramRebuilt, programBuild } from '../../src/kernel/program-build.js';

it('lets more code of the program be started while dist/ holds the build that the process runs', () => {
  expect(programBuild).toMatch(/^\d{4}-\d{2}-\d{2}T/);
  expect(() => assertSameBuild()).not.toThrow();
});

it('refuses to start code of another build than the process runs', () => {
  expect(() => assertSameBuild('2020-01-01T00:00:00.000Z')).toThrow(ProgramRebuilt);
});
