import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { bills } from '../../../projections/bills.js';
import { sittings } from '../../../projections/sittings.js';
import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { nameOf, type Projection } from '../../../src/read-models/projection.js';
import type { Lease } from '../../../src/read-models/read-models.js';
import { EMPTY_REGISTRY, withBuild } from '../../../src/read-models/registry.js';
import { describeWithMongodb, newDatabase, type TestDatabase } from '../../mongodb/mongodb-server.js';
import { batchOf } from '../opened-read-models.js';

const page = readFileSync(new URL('docs/reading-with-mongosh.md', new URL('../../../', import.meta.url)), 'utf8');
/** What the page says to type, an entry a statement. */
const statements = [...page.matchAll(/```js\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split(/\n(?=db)/));

const bill = (number: string, state: string, more: object) => ({
  bill: number,
  kind: 'enrolment',
  period: '2610',
  lines: [],
  fen: 6_000,
  createdAt: '2026-10-01T00:00:00.000Z',
  state,
  ...more,
});
const sitting = { enrolled: true, paid: false };

describeWithMongodb('The document docs/reading-with-mongosh.md', () => {
  let database: TestDatabase;
  let client: MongoClient;

  beforeAll(async () => {
    database = newDatabase();
    client = new MongoClient(database.url);
    const [store, builds] = [new MongodbProjectionStore(database.url), new MongodbBuildStore(database.url)];
    const models = [bills as Projection, sittings as Projection] as const;
    await store.prepare(models);
    const lease = (await store.lease('one')) as Lease;
    await store.write(lease, [
      batchOf(
        models[0],
        {
          a: { '1': bill('1', 'paid', {}), '2': bill('2', 'due', { dueBy: '2026-10-18T09:59:59.999Z' }) },
          b: { '3': bill('3', 'due', { dueBy: '2026-10-18T10:00:00.000Z' }), '4': bill('4', 'paid', { fen: 3_000_000_000 }) },
        },
        '1',
      ),
      batchOf(
        models[1],
        {
          a: { '2610': { '00249': sitting, '00018': { ...sitting, paid: true } } },
          b: { '2610': { '00018': sitting }, '2604': { '00249': { ...sitting, correctedAt: '2026-11-19T16:00:00.000Z' } } },
          c: { '2610': { '00249': { ...sitting, paid: true } } },
        },
        '1',
      ),
    ]);
    const build = {
      name: nameOf(bills),
      readModel: 'bills',
      version: 2,
      fingerprint: 'x',
      state: 'current',
      form: 'fields',
      begun: '2026-11-01T00:00:00.000Z',
    } as const;
    await builds.change(() => withBuild(EMPTY_REGISTRY, build));
    await store.close();
    await builds.close();
  });
  afterAll(async () => {
    await client.close();
    await database.drop();
  });

  /** As mongosh does it. */
  const asked = async (statement: string): Promise<unknown> => {
    const collectionOf = (name: string) => {
      const collection = client.db().collection(name);
      return {
        aggregate: (stages: object[]) => collection.aggregate(stages),
        find: (filter: object, projection: object) => collection.find(filter, { projection }),
        findOne: (filter: object, projection: object = {}) => collection.findOne(filter, { projection }),
      };
    };
    const db = { getCollection: collectionOf, registry: collectionOf('registry'), leases: collectionOf('leases') };
    const answer = await new Function('db', 'ISODate', `return ${statement}`)(db, (text: string) => new Date(text));
    return 'toArray' in answer ? answer.toArray() : answer;
  };

  it.each([
    [0, { serving: [{ readModel: 'bills', build: 'bills@2' }], builds: [{ name: 'bills@2', begun: new Date('2026-11-01') }] }],
    [1, { holder: 'one', checkpoints: { 'bills@2': { position: '1' } } }],
    [
      2,
      [
        {
          _id: 'a',
          sittings: [
            { period: '2610', course: '00249' },
            { period: '2610', course: '00018' },
          ],
        },
        { _id: 'c' },
      ],
    ],
    [3, [{ unpaid: 1 }]],
    [4, [{ _id: '2610', fen: 3_000_006_000 }]],
    [5, [{ _id: 'a', bills: { bill: '2', fen: 6_000, dueBy: new Date('2026-10-18T09:59:59.999Z') } }]],
    [6, [{ _id: 'b' }]],
  ])('The document docs/reading-with-mongosh.md says a statement %# that answers what it says', async (at, answer) => {
    expect(await asked(statements[at] as string)).toMatchObject(answer);
  });

  it('The document docs/reading-with-mongosh.md has no statement that was not tried', () => {
    expect(statements).toHaveLength(7);
  });
});
