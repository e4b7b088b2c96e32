import type { Recorded } from '../../event-store/event.js';
import { shownJson } from '../../read-models/differences/shown-json.js';
import { documentAfter, type PersonDocument } from './person-documents.js';

/** What stands for the candidate in a fixture. */
const CANDIDATE = 'candidate-1';

/**
 * A test of a projection, made of events as they were recorded: given all but the last, when the last comes, then the document. Sealed
 * values are left out, and the candidate is another.
 */
export function fixtureOf(document: PersonDocument, candidateId: string, events: readonly Recorded[]): string {
  const { projection } = document;
  const told = events.map(({ type, subject, recordedAt, data }) => ({ type, subject, recordedAt, data }));
  const written = (value: unknown) => JSON.stringify(shownJson(value), undefined, 2).replaceAll(candidateId, CANDIDATE);
  const { document: then } = documentAfter({ ...document, events }, events.length);
  return `import { expect, it } from '@jest/globals';
import { ${exportOf(projection.name)} } from '../projections/${projection.name}.js';
import { projected } from './projections/projected.js';

// Made of recorded events. Sealed values are left out, and the candidate is another.
const given = ${written(told.slice(0, -1))} as const;

const when = ${written(told.at(-1) ?? null)} as const;

const then = ${written(then)};

it('${projection.name} of ${events.length} events is what it was when they were recorded', async () =>
  expect((await projected(${exportOf(projection.name)}, [...given, when] as never))[${JSON.stringify(document.key === candidateId ? CANDIDATE : document.key)}]).toEqual(then ?? undefined));
`;
}

/** \`payment-dues\` is exported as paymentDues. */
function exportOf(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
