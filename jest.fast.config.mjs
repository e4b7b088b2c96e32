import config from './jest.config.mjs';
import { STARTING_PROGRAMS } from './test/longest-first.sequencer.mjs';

/** `npm run test:fast`: without the tests that start browsers or the built program. */
export default { ...config, testPathIgnorePatterns: STARTING_PROGRAMS };
