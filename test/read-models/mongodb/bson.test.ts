import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { projectionsFor } from '../../../src/composition/known/projections.js';
import type { Recorded } from '../../../src/event-store/event.js';
import { documentTypeOf, type FieldType, type FieldTypes } from '../../../src/read-models/field-types.js';
import { documentOf, type Fields, fieldsOf } from '../../../src/read-models/mongodb/bson.js';
import { foldDocument } from '../../../src/read-models/projecting/fold-document.js';
import { newestVersions } from '../../../src/read-models/projecting/new-versions.js';
import { nameOf, type Projection } from '../../../src/read-models/projection.js';
import { logsFor, type Odd } from '../../projections/generated-logs.js';

const projections = newestVersions(projectionsFor({ EVENT_STORE_URL: 'esdb://127.0.0.1:2113' })).map((projection) => ({
  name: nameOf(projection),
  projection,
}));

/** Keys of maps that could not be names of fields in BSON, in a path or on every server, and some whose order JSON changes. */
const ODD_IDS = ['2610', '00249', '1', '10', '', '.', 'a.b', '$set', '__proto__', 'a\u0000b', '\ud800', '考'];
const ODD_INSTANTS = [
  '2026-11-22T02:00:00.000Z',
  '2026-11-22T02:00:00.123456Z',
  '2026-11-22T02:00:00Z',
  '2026-11-22T10:00:00.000+08:00',
  '2026-02-30T00:00:00.000Z',
  '+010000-01-01T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  '9',
];

/** As a server gives back what it was given. */
function stored(fields: Fields): Fields {
  return BSON.deserialize(BSON.serialize(fields, { ignoreUndefined: true }), { promoteBuffers: true });
}

/** The documents that a log comes to, without the events that a handler could not take. */
function documentsOf(projection: Projection, log: readonly Recorded[]): readonly unknown[] {
  const events = log.filter((event) => projection.key(event) !== undefined);
  return [...Map.groupBy(events, (event) => String(projection.key(event))).values()].flatMap((own) => {
    let { after, fault } = foldDocument(projection, undefined, own);
    for (let at = fault?.position; at !== undefined; at = fault?.position) {
      const left = own.filter(({ position }) => position > (at as string));
      const folded = foldDocument(projection, after, left);
      after = folded.after ?? after;
      fault = folded.fault;
    }
    return after?.document ?? [];
  });
}

/** Many generated documents, always the same, with few numbers and codes, so that there is all that a document can hold. */
function someDocumentsOf(projection: Projection): readonly unknown[] {
  return fc.sample(logsFor(projection, { ids: ['one', 'two'] }), { numRuns: 80, seed: 1 }).flatMap((log) => documentsOf(projection, log));
}

/** Each value in a document with its path and its type. */
function* leavesOf(
  value: unknown,
  type: FieldType | undefined,
  path: readonly string[],
): Generator<{ path: string; value: unknown; type: FieldType | undefined }> {
  if (typeof value !== 'object' || value === null) yield { path: path.join('.'), value, type };
  else if (Array.isArray(value)) for (const each of value) yield* leavesOf(each, type?.each, [...path, '*']);
  else if (!isMap(type)) for (const [name, each] of Object.entries(value)) yield* leavesOf(each, type?.fields?.get(name), [...path, name]);
  else
    for (const each of Object.values(value))
      yield* leavesOf(each, type?.map?.keys.length === 2 ? { map: { keys: ['inner'] }, each: type.each?.each ?? {} } : type?.each, [...path, '*']);
}

function isMap(type: FieldType | undefined): boolean {
  return type?.map !== undefined;
}

function* namesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return;
  for (const [name, each] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* namesIn(each);
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null && !(value instanceof Date)) for (const each of Object.values(value)) yield* textsIn(each);
}

describe.each(projections)('The documents of $name', ({ projection }) => {
  const documents = someDocumentsOf(projection);

  it.each<{ what: string; odd: Odd }>([
    { what: 'ordinary', odd: {} },
    { what: 'odd', odd: { ids: ODD_IDS, instants: ODD_INSTANTS } },
  ])('The documents of a read model come back from BSON as the very JSON that was written, with $what values', ({ odd }) => {
    fc.assert(
      fc.property(logsFor(projection, odd), (log) => {
        for (const document of documentsOf(projection, log)) {
          expect(JSON.stringify(documentOf(projection, stored(fieldsOf(projection, document))))).toBe(JSON.stringify(document));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('The documents of a read model have their instants and amounts declared, each of which there is', () => {
    expect(projection).toMatchObject({ instants: expect.any(Array), money: expect.any(Array) });
    const found = { instants: new Set<string>(), money: new Set<string>() };
    for (const document of documents) {
      for (const { path, value } of leavesOf(document, documentTypeOf(projection), [])) {
        if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) found.instants.add(path);
        if (typeof value === 'number' && /fen$/i.test(path || 'fen')) found.money.add(path);
      }
    }
    if (Object.values(projection.maps ?? {}).some(({ value }) => value === 'fen')) found.money.add('*');
    expect({ instants: [...found.instants].toSorted(), money: [...found.money].toSorted() }).toEqual({
      instants: projection.instants?.toSorted(),
      money: projection.money?.toSorted(),
    });
  });

  it('The documents of a read model have names of fields that BSON and every server take, and no names that are data', () => {
    const names = new Set(documents.flatMap((document) => [...namesIn(fieldsOf(projection, document))]));
    expect([...names].filter((name) => !/^[a-z][A-Za-z]*$/.test(name))).toEqual([]);
  });

  it('The documents of a read model have dates where instants are declared', () => {
    const texts = documents.flatMap((document) => [...textsIn(fieldsOf(projection, document))]);
    expect(texts.filter((text) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text))).toEqual([]);
  });
});

describe('A field of a document in BSON', () => {
  const types: FieldTypes = { instants: ['at'], money: ['fen'], maps: { terms: { keys: ['term'] }, held: { keys: ['id'], holdsKey: true } } };
  const inBson = (document: object) => BSON.deserialize(BSON.serialize(fieldsOf(types, document)), { promoteLongs: false });

  it.each([
    ['2026-11-22T02:00:00.000Z', new Date('2026-11-22T02:00:00.000Z')],
    ['+010000-01-01T00:00:00.000Z', new Date('+010000-01-01T00:00:00.000Z')],
    ['2026-11-22T02:00:00.123456Z', '2026-11-22T02:00:00.123456Z'],
    ['2026-11-22T02:00:00Z', '2026-11-22T02:00:00Z'],
    ['2026-11-22T10:00:00.000+08:00', '2026-11-22T10:00:00.000+08:00'],
    ['2026-02-30T00:00:00.000Z', '2026-02-30T00:00:00.000Z'],
    ['', ''],
  ])('A field of a document in BSON that is an instant is a date where it is written as one to the millisecond, and else the text %j', (at, kept) => {
    expect(inBson({ at })).toEqual({ at: kept });
  });

  it.each([
    [3_000, 3_000],
    [-0, 0],
    [2_147_483_648, BSON.Long.fromNumber(2_147_483_648)],
    [0.5, 0.5],
    [1e300, 1e300],
    [Number.NaN, null],
  ])('A field of a document in BSON that is an amount is an integer where it is one: %d', (fen, kept) => {
    expect(inBson({ fen })).toEqual({ fen: kept });
  });

  it('A field of a document in BSON that has no type stays text or a number, whatever it looks like', () => {
    expect(inBson({ note: '2026-11-22T02:00:00.000Z', count: 3 })).toEqual({ note: '2026-11-22T02:00:00.000Z', count: 3 });
  });

  it.each(['_id', 'position', 'by', 'removed', 'document'])(
    'A field of a document in BSON is refused where it is named %s as a field of the row is',
    (name) => {
      expect(() => fieldsOf(types, { [name]: 1 })).toThrow(`文档不能有字段 ${name}`);
      expect(() => fieldsOf(types, { inner: { [name]: 1 } })).not.toThrow();
    },
  );

  it.each(['', '$set', 'a.b', 'a\u0000', '\ud800', '__proto__'])('A field of a document in BSON is refused by its name %j, at any depth', (name) => {
    expect(() => fieldsOf(types, { inner: [JSON.parse(`{${JSON.stringify(name)}:1}`)] })).toThrow('要在投影的 maps 中声明');
  });

  it('A field of a document in BSON of an entry of a map is refused where it would stand for the key', () => {
    expect(() => fieldsOf(types, { terms: { one: { term: 1 } } })).toThrow('自己有字段');
    expect(() => fieldsOf(types, { held: { one: { id: 'two' } } })).toThrow('中没有它的键');
    expect(() => fieldsOf(types, { terms: { one: 1 } })).toThrow('不是对象');
  });
});
