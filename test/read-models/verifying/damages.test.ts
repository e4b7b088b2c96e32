import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import { lockFolder } from '../../../src/read-models/rebuilding/replay-lock.js';
import type { ProblemKind } from '../../../src/read-models/verifying/problems.js';
import { verify } from '../../../src/read-models/verifying/verify.js';
import { verifyTargets } from '../../../src/read-models/verifying/verify-targets.js';
import { until } from '../../until.js';
import { added, countsByTarget, removed, shown, spoilt, textsBySubject } from '../counting.js';
import { damage } from '../damage.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { Rebuilding } from '../rebuilding/rebuilding.js';
import { Operator } from './operator.js';

const TEXTS = '"texts-by-subject@1"';
const FOUND = '"texts-by-subject@1 found by text"';
const COUNTS = 'UPDATE document_counts';
const OF_TEXTS = "WHERE read_model = 'texts-by-subject@1'";
const texts = textsBySubject as Projection;
const counts = countsByTarget as Projection;

let events: MemoryEventStore;
let rebuilding: Rebuilding;
let operator: Operator;

beforeEach(async () => {
  events = new MemoryEventStore();
  events.tell([shown('zhang', '2026-11-01'), added('zhang', 'a'), added('li', 'b'), added('wang', 'c'), removed('wang')]);
  rebuilding = new Rebuilding(events, [texts, counts]);
  operator = new Operator(rebuilding);
  await rebuilding.rebuild();
});
afterEach(async () => {
  await operator.end();
  await rebuilding.drop();
});

const sql = (text: string, ...values: readonly (string | null)[]) => damage(rebuilding.folder, text, ...values);

interface Damage {
  readonly name: string;
  readonly kinds: readonly ProblemKind[];
  /** Whether it is found without comparing documents. */
  readonly quick?: true;
  /** What is found where they are compared, if it is something else. */
  readonly whole?: readonly ProblemKind[];
  make(): unknown;
}

const damages: readonly Damage[] = [
  { name: 'a document that says something else', kinds: ['documents'], make: () => sql(`UPDATE ${TEXTS} SET document = '{"texts":[]}' WHERE key = 'zhang'`) },
  { name: 'a document that is no JSON', kinds: ['documents'], make: () => sql(`UPDATE ${TEXTS} SET document = '{"texts":' WHERE key = 'zhang'`) },
  { name: 'a document that is gone', kinds: ['documents'], make: () => sql(`DELETE FROM ${TEXTS} WHERE key = 'li'`) },
  { name: 'documents of which one is gone', kinds: ['count'], whole: ['documents'], quick: true, make: () => sql(`DELETE FROM ${TEXTS} WHERE key = 'li'`) },
  {
    name: 'a document without events',
    kinds: ['documents'],
    make: () => sql(`INSERT INTO ${TEXTS} (key, position, document) VALUES ('nobody', '00000001', '{"texts":[]}')`),
  },
  {
    name: 'a removed document that is there again',
    kinds: ['documents'],
    make: () => sql(`UPDATE ${TEXTS} SET document = '{"texts":["c"]}' WHERE key = 'wang'`),
  },
  { name: 'a document that claims to have seen more', kinds: ['documents'], make: () => sql(`UPDATE ${TEXTS} SET position = '00000009' WHERE key = 'li'`) },
  { name: 'a document that claims to have seen less', kinds: ['documents'], make: () => sql(`UPDATE ${TEXTS} SET position = '00000001' WHERE key = 'li'`) },
  { name: 'an index column that is null', kinds: ['documents'], make: () => sql(`UPDATE ${TEXTS} SET "by due" = NULL`) },
  { name: 'an index that is gone', kinds: ['index'], quick: true, make: () => sql('DROP INDEX "texts-by-subject@1 by due"') },
  {
    name: 'an index on another column',
    kinds: ['index'],
    quick: true,
    make: () => sql('DROP INDEX "texts-by-subject@1 by due"') + sql(`CREATE INDEX "texts-by-subject@1 by due" ON ${TEXTS} (key)`),
  },
  {
    name: 'an index of a lookup on another column',
    kinds: ['index'],
    quick: true,
    make: () => sql('DROP INDEX "texts-by-subject@1 value of text"') + sql(`CREATE INDEX "texts-by-subject@1 value of text" ON ${FOUND} (key)`),
  },
  { name: 'a kept number of documents that is another', kinds: ['count'], make: () => sql(`${COUNTS} SET documents = documents + 1 ${OF_TEXTS}`) },
  {
    name: 'a kept number of documents that is another, by a quick look',
    kinds: ['count'],
    quick: true,
    make: () => sql(`${COUNTS} SET documents = documents - 1 ${OF_TEXTS}`),
  },
  { name: 'a kept number of documents that is gone', kinds: ['count'], make: () => sql(`DELETE FROM document_counts ${OF_TEXTS}`) },
  { name: 'a value by which a lookup finds a document and that is gone', kinds: ['documents'], make: () => sql(`DELETE FROM ${FOUND} WHERE key = 'li'`) },
  { name: 'a value by which a lookup finds another document', kinds: ['documents'], make: () => sql(`UPDATE ${FOUND} SET key = 'li' WHERE key = 'zhang'`) },
  { name: 'a value by which a lookup finds no document', kinds: ['index'], make: () => sql(`INSERT INTO ${FOUND} (key, value) VALUES ('nobody', 'a')`) },
  { name: "a lookup's index that is gone", kinds: ['index'], quick: true, make: () => sql('DROP INDEX "texts-by-subject@1 value of text"') },
  { name: "a lookup's table that is gone", kinds: ['place'], quick: true, make: () => sql(`DROP TABLE ${FOUND}`) },
  { name: 'a table that is gone', kinds: ['place'], quick: true, make: () => sql(`DROP TABLE ${TEXTS}`) },
  { name: 'a column that is gone', kinds: ['place'], quick: true, make: () => dropColumn() },
  {
    name: 'a checkpoint set ahead of the log',
    kinds: ['log'],
    quick: true,
    make: () => sql(`UPDATE checkpoints SET position = '00000099', event_id = 'event-99' WHERE read_model = 'texts-by-subject@1'`),
  },
  {
    name: 'a checkpoint at an event of another log',
    kinds: ['log'],
    quick: true,
    make: () => sql(`UPDATE checkpoints SET event_id = 'of another' WHERE read_model = 'texts-by-subject@1'`),
  },
  { name: 'a log that is an older copy', kinds: ['log', 'log'], quick: true, make: () => events.restore(3) },
  {
    name: 'a checkpoint set behind',
    kinds: ['behind'],
    quick: true,
    make: () => sql(`UPDATE checkpoints SET position = '00000002', event_id = 'event-2' WHERE read_model = 'texts-by-subject@1'`),
  },
  { name: 'a checkpoint that is gone', kinds: ['behind'], quick: true, make: () => sql(`DELETE FROM checkpoints WHERE read_model = 'texts-by-subject@1'`) },
  { name: 'events that nobody has projected', kinds: ['behind', 'behind'], quick: true, make: () => events.tell([added('zhang', 'later')]) },
  {
    name: 'checkpoints set ahead of their documents',
    kinds: ['documents', 'documents'],
    make: () => {
      const head = events.tell([added('zhang', 'later'), added('li', 'later', 'none')]);
      sql('UPDATE checkpoints SET position = ?, event_id = ?', head, events.all.at(-1)?.id ?? null);
    },
  },
  {
    name: 'a document in quarantine that has missed a correction',
    kinds: ['quarantined'],
    quick: true,
    make: async () => {
      sql(`INSERT INTO quarantine VALUES ('texts-by-subject@1', 'zhang', '00000002', 'by a release before')`);
      events.tell([added('zhang', 'corrected')]);
      await operator.catchUp();
    },
  },
];

function dropColumn(): void {
  sql('DROP INDEX "texts-by-subject@1 by due"');
  sql(`ALTER TABLE ${TEXTS} DROP COLUMN "by due"`);
}

describe.each(damages)('Of $name', ({ kinds, quick, whole = kinds, make }) => {
  it('`verify` reports a damage, and is clean after the cures that it names', async () => {
    expect(await operator.problems()).toEqual([]);
    await make();
    const problems = await operator.problems({ quick: quick === true });
    expect(problems.map(({ kind }) => kind)).toEqual(kinds);
    expect((await operator.examine(true)).problems.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...whole]));
    const cures = new Map(problems.flatMap(({ cure }) => cure).map((remedy) => [JSON.stringify(remedy), remedy]));
    for (const remedy of cures.values()) await operator.apply(remedy);
    expect(await operator.problems()).toEqual([]);
    expect(await operator.problems({ quick: true })).toEqual([]);
  });
});

describe('Where the log is not small, a look finds', () => {
  it.each<[string, readonly ProblemKind[], string]>([
    ['a document that is no JSON', ['documents'], `UPDATE ${TEXTS} SET document = '{"texts":' WHERE key = 'zhang'`],
    ['documents that say something else', ['documents'], `UPDATE ${TEXTS} SET document = '{"texts":[]}' WHERE document IS NOT NULL`],
    ['index columns that are null', ['documents'], `UPDATE ${TEXTS} SET "by due" = NULL`],
    ['values of lookups that are gone', ['documents'], `DELETE FROM ${FOUND}`],
    ['a value of a lookup that finds no document', ['index'], `INSERT INTO ${FOUND} (key, value) VALUES ('nobody', 'a')`],
  ])('Where the log is not small, a look finds %s', async (_, kinds, damaging) => {
    expect(await operator.examine(false)).toEqual({ problems: [], compared: 2, all: false });
    sql(damaging);
    const { problems } = await operator.examine(false);
    expect(problems.map(({ kind }) => kind)).toEqual(kinds);
    for (const remedy of problems.flatMap(({ cure }) => cure)) await operator.apply(remedy);
    expect(await operator.examine(false)).toEqual({ problems: [], compared: 2, all: false });
  });

  it('Where the log is not small, a look finds few documents also of a small one while a rebuild is at work, and says so', async () => {
    const unlock = lockFolder(rebuilding.replays);
    expect(await operator.examine(true)).toEqual({ problems: [], compared: 2, all: false });
    unlock();
    expect(await operator.examine(true)).toMatchObject({ problems: [], all: true });
  });

  it('A look at a small log does not claim to have compared all documents where a table is gone', async () => {
    sql(`DROP TABLE ${TEXTS}`);
    expect(await operator.examine(true)).toMatchObject({ problems: [{ kind: 'place' }], all: false });
  });
});

describe('A document that is damaged while a projector is at work', () => {
  it('A document that is damaged while a projector is at work is repaired under its lease, and the projector continues by itself', async () => {
    operator.project();
    sql(`UPDATE ${TEXTS} SET document = '{"texts":["damaged"]}' WHERE key = 'zhang'`);
    const [repaired] = await operator.verify({ repair: 'all' }, ['texts-by-subject']);
    expect(repaired).toMatchObject({ repaired: 1, problems: [], found: { kinds: { changed: 1 } } });
    events.tell([added('zhang', 'later')]);
    await operator.catchUp();
    expect(await rebuilding.documents('texts-by-subject@1')).toMatchObject({ zhang: { texts: ['a', 'later'], due: '2026-11-01' } });
    expect(await operator.problems()).toEqual([]);
  });

  it('A document that is damaged while a projector is at work is written with what was recorded since it was compared', async () => {
    sql(`UPDATE ${TEXTS} SET document = '{"texts":["damaged"]}' WHERE key = 'zhang'`);
    const ports = rebuilding.ports();
    const { targets } = await targetsOf();
    const workers = Object.assign(Object.create(ports.workers), {
      compare: async (...given: Parameters<typeof ports.workers.compare>) => {
        const compared = await ports.workers.compare(...given);
        events.tell([added('zhang', 'while it was compared')]);
        await operator.catchUp();
        return compared;
      },
    });
    await verify(targets, { ...ports, workers }, { repair: 'all', waitingTimes: { look: 1, idle: 0, stuck: 0 } });
    expect(await rebuilding.documents('texts-by-subject@1')).toMatchObject({ zhang: { texts: ['a', 'while it was compared'] } });
    expect(await operator.problems()).toEqual([]);
  });

  const targetsOf = async () => verifyTargets(await rebuilding.builds.registry(), rebuilding.code, rebuilding.ports().fingerprints, ['texts-by-subject']);
});

describe('In a verification', () => {
  it('In a verification that repairs one document, a wrong number of documents stays a problem', async () => {
    sql(`${COUNTS} SET documents = documents + 1 ${OF_TEXTS}`);
    sql(`UPDATE ${TEXTS} SET document = '{"texts":[]}' WHERE key = 'li'`);
    const [repaired] = await operator.verify({ repair: ['li'] }, ['texts-by-subject']);
    expect(repaired).toMatchObject({ repaired: 1, problems: [{ kind: 'count', cure: [{ kind: 'repair-all' }] }] });
  });

  it('In a verification a document that there is none of is refused, and nothing is written', async () => {
    await expect(operator.verify({ repair: ['nobody'] }, ['texts-by-subject'])).rejects.toThrow('没有文档 nobody，也没有它的事件');
    await expect(operator.verify({ repair: ['zhan'] }, ['texts-by-subject'])).rejects.toThrow('没有文档 zhan，也没有它的事件；相近的有：zhang');
  });

  it.each([{}, { quick: true }])('A verification with %j tells no number of documents of a build that it could not read', async (options) => {
    sql(`DROP TABLE ${TEXTS}`);
    const [ofTexts] = await operator.verify(options, ['texts-by-subject']);
    expect(ofTexts).toMatchObject({ documents: null, problems: [{ kind: 'place' }] });
  });

  it('In a verification a document that no handler can take stays in quarantine when it is repaired', async () => {
    events.tell([spoilt('li'), added('li', 'later')]);
    await operator.catchUp();
    sql(`UPDATE ${TEXTS} SET document = '{"texts":[]}' WHERE key = 'li'`);
    const [repaired] = await operator.verify({ repair: 'all' }, ['texts-by-subject']);
    expect(repaired?.problems.map(({ kind }) => kind)).toEqual(['quarantined']);
    expect(await rebuilding.documents('texts-by-subject@1')).toMatchObject({ li: { texts: ['b'] } });
  });

  it('In a verification a served build that the registry does not hold is named with what makes it anew', async () => {
    const { builds } = await rebuilding.builds.registry();
    await rebuilding.builds.change((registry) => ({ ...registry, builds: builds.filter(({ readModel }) => readModel !== texts.name) }));
    expect(verifyTargets(await rebuilding.builds.registry(), rebuilding.code, rebuilding.ports().fingerprints, []).problems).toEqual([
      { kind: 'unmade', says: '登记为正在使用的 texts-by-subject@1 不存在', cure: [{ kind: 'replay', readModel: 'texts-by-subject' }] },
    ]);
  });

  it('In a verification a read model that was never made is named', () => {
    const { problems } = verifyTargets(
      { revision: 0, serving: {}, before: {}, builds: [], requests: [] },
      rebuilding.code,
      rebuilding.ports().fingerprints,
      [],
    );
    expect(problems.map(({ kind, cure }) => [kind, cure])).toEqual([
      ['unmade', [{ kind: 'catch-up' }]],
      ['unmade', [{ kind: 'catch-up' }]],
    ]);
  });
});

describe('While a projector is running,', () => {
  beforeEach(async () => {
    operator.project();
    await operator.catchUp();
  });

  it.each([
    ['a table that is gone', `DROP TABLE ${TEXTS}`],
    ['a checkpoint set behind', `UPDATE checkpoints SET position = '00000001', event_id = 'event-1' WHERE read_model = 'texts-by-subject@1'`],
    ['a checkpoint that is gone', `DELETE FROM checkpoints WHERE read_model = 'texts-by-subject@1'`],
  ])('While a projector is running, %s is noticed although nothing is recorded, and everything is folded again', async (_, damaging) => {
    const [before, head] = [await rebuilding.documents('texts-by-subject@1'), await events.head()];
    sql(damaging);
    await until('the documents are as before', async () => {
      const [{ position = '' } = {}] = await rebuilding.store.checkpoints([texts]);
      return position === head && isDeepStrictEqual(await rebuilding.documents('texts-by-subject@1'), before);
    });
    events.tell([added('li', 'later')]);
    await operator.catchUp();
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ zhang: { texts: ['a'], due: '2026-11-01' }, li: { texts: ['b', 'later'] } });
    expect(await operator.problems()).toEqual([]);
  });
});
