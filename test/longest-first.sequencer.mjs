import Sequencer from '@jest/test-sequencer';

/** Tests in these folders start browsers or the built program, some for many rounds; `npm run test:fast` leaves them out. */
export const STARTING_PROGRAMS = ['backup', 'browser', 'cli', 'deploy', 'processes', 'soak'].map((folder) => `/test/${folder}/`);

/** Those that start programs go first, for they wait more than they work; of each kind those that took longest last time, or else the largest. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const startsPrograms = ({ path }) => STARTING_PROGRAMS.some((folder) => path.includes(folder));
    const sorted = super.sort(tests);
    return [...sorted.filter(startsPrograms), ...sorted.filter((test) => !startsPrograms(test))];
  }
}
