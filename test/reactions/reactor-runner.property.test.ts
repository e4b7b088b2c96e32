import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '../../src/event-store/refusal.js';
import { initializeReactors } from '../../src/reactions/reactor-checkpoint.js';
import { logLines } from '../log-lines.js';
import { until } from '../until.js';
import { away, ReactorFixture, servant } from './reactor-fixture.js';

logLines();

type Step =
  | { readonly kind: 'asked' | 'imported'; readonly stream: string }
  | { readonly kind: 'away' | 'back'; readonly stream: string }
  | { readonly kind: 'taken' | 'round' | 'restart' };

const stream = fc.constantFrom('a', 'b');
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('asked' as const), stream }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('imported' as const), stream }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('away' as const, 'back' as const), stream }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('taken' as const, 'taken' as const, 'taken' as const, 'round' as const, 'restart' as const) }) },
  ),
  { minLength: 10, maxLength: 40, size: 'max' },
);

it('After any failures and restarts every event is reacted to once, in the order of its stream, or refused once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const place = new ReactorFixture();
      try {
        await initializeReactors(place.events, place.openStore(), [servant]);
        const gone = new Set<string>();
        const asked: string[] = [];
        place.fault = (what) => {
          if (gone.has(what.charAt(0))) return away;
          return what.endsWith('7') ? new Refusal('servant.tired', 'tired') : undefined;
        };
        let servantAtWork = place.start();
        for (const [at, step] of taken.entries()) {
          switch (step.kind) {
            case 'asked':
              asked.push(`${step.stream}${at}`);
              await place.ask(step.stream, `${step.stream}${at}`);
              break;
            case 'imported':
              await place.ask(step.stream, `${step.stream}${at}`, 'import');
              break;
            case 'away':
              gone.add(step.stream);
              break;
            case 'back':
              gone.delete(step.stream);
              break;
            case 'taken':
              await place.untilTaken();
              break;
            case 'round':
              await servantAtWork.rounds.pass();
              break;
            case 'restart':
              await servantAtWork.stop();
              servantAtWork = place.start();
          }
        }
        gone.clear();
        await until('all to be done', async () => {
          await servantAtWork.rounds.pass();
          return (await place.done()).length + new Set(place.refused.map(({ given }) => given.id)).size === asked.length;
        });
        const done = await place.done();
        for (const name of ['a', 'b']) {
          const ofStream = (whats: readonly string[]) => whats.filter((what) => what.startsWith(name) && !what.endsWith('7'));
          expect(ofStream(done)).toEqual(ofStream(asked));
        }
        expect(done.some((what) => what.endsWith('7'))).toBe(false);
      } finally {
        await place.drop();
      }
    }),
    { numRuns: 40 },
  );
});
