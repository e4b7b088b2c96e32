import { swc } from './swc.mjs';

// Jest starts its workers with the flags of this process, so `npx jest FILE` does what `npm test` does. Tests are ES modules;
// and V8's compilation cache would keep all modules of each test file until the process ends.
const FLAGS = ['--experimental-vm-modules', '--no-compilation-cache', '--disable-warning=ExperimentalWarning'];
process.execArgv.push(...FLAGS.filter((flag) => !process.execArgv.includes(flag)));

export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '\\.ts$': ['@swc/jest', swc],
  },
  // packages are loaded once for all files of a worker, our modules anew for each
  runtime: '<rootDir>/test/shared-modules.runtime.mjs',
  testEnvironment: '<rootDir>/test/nodes-own.environment.mjs',
  globalSetup: '<rootDir>/test/build-once.mjs',
  reporters: ['default', '<rootDir>/test/closing-line.reporter.mjs'],
  // only a test that hangs comes this far, however busy the machine is
  testTimeout: 600_000,
  testSequencer: '<rootDir>/test/longest-first.sequencer.mjs',
  // for two cores: a test that starts programs waits for half of its time
  maxWorkers: 4,
  // with a limit Jest uses workers for a single file too; it is never reached, for a worker that is replaced is given no more files
  workerIdleMemoryLimit: '16GB',
};
