import { expect, it } from '@jest/globals';
import { assertSameBuild, programBuild } from '../../src/kernel/program-build.js';

it('More code of the program can be started while dist/ has the build that the process runs', () => {
  expect(programBuild).toMatch(/^\d{4}-\d{2}-\d{2}T/);
  expect(() => assertSameBuild()).not.toThrow();
});

it('Code of another build than the running one is not started', () => {
  expect(() => assertSameBuild('2020-01-01T00:00:00.000Z')).toThrow(expect.objectContaining({ name: 'ProgramRebuilt' }));
});
