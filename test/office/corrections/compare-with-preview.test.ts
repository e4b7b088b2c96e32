import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { knownProjections } from '../../../src/composition/known/projections.js';
import type { Recorded } from '../../../src/event-store/event.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { differs } from '../../../src/office/corrections/applying/compare-with-preview.js';
import { CandidateDocuments } from '../../../src/office/corrections/preview/changed-documents.js';
import type { PreviewedCandidate } from '../../../src/office/corrections/preview/preview-rows.js';
import { type Safe, Vault } from '../../../src/vault/vault.js';
import { TestCentre } from '../../centre.js';
import { announce } from '../../web/announced.js';
import { addOfficer } from '../office-browser.js';
import { ProposalDesk } from './proposal-desk.js';

const ONE = '119988000001';
let centre: TestCentre;
let candidate: PreviewedCandidate;
let upTo: string;
let history: readonly Recorded[];
let safe: Safe;
beforeAll(async () => {
  centre = await TestCentre.open();
  await announce(centre);
  const id = await centre.candidate(ONE);
  await centre.rows('scores', { admission_no: ONE, period: '2604', course: '00015', score: '58' });
  await addOfficer(centre, 'zhou', ['city']);
  await addOfficer(centre, 'he', ['approver']);
  const desk = new ProposalDesk(centre);
  const correction = await desk.propose('score', [[ONE, { period: '2604', course: '00015', score: '68' }]]);
  const preview = await desk.preview(correction);
  candidate = preview.examples[0] as PreviewedCandidate;
  await desk.approve(correction);
  upTo = await centre.get(EventStore).head();
  await desk.apply(correction);
  history = await centre.get(EventStore).subject(id);
  [safe] = (await centre.get(Vault).safes([id])) as [Safe];
});
afterAll(() => centre.close());

const differsWith = (events: readonly Recorded[]) =>
  differs(candidate, events, { upTo, at: centre.clock.instant(), safe, documents: new CandidateDocuments(knownProjections) });

it('What was recorded of a correction is the same as its preview, although ids and times are others', () => {
  expect(differsWith(history)).toBe(false);
});

it('What was recorded of a correction differs from its preview with another value, another event or none', () => {
  const last = history.at(-1) as Recorded;
  const data = { ...last.data, result: { score: 69 } };
  expect(differsWith([...history.slice(0, -1), { ...last, data }])).toBe(true);
  expect(differsWith(history.slice(0, -1))).toBe(true);
  expect(differsWith([...history, { ...last, id: 'another', revision: last.revision + 1 }])).toBe(true);
});

it('Documents of a correction differ from its preview where another event has changed them before', () => {
  const scored = history.find(({ type }) => type === 'ScoreRecorded') as Recorded;
  const earlier = { ...scored, data: { ...scored.data, course: '00227' } };
  expect(differsWith(history.flatMap((event) => (event === scored ? [earlier, event] : [event])))).toBe(true);
});
