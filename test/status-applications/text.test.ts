import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RecordStatusApplication, RecordStatusApplicationHandler } from '../../src/status-applications/record-status-application.command.js';
import type { ApplicationDetails } from '../../src/status-applications/status-applications.events.js';
import { anyGiven } from '../decided.js';
import { TestStores } from '../stores.js';

let stores: TestStores;
let candidateId: string;
beforeEach(async () => {
  stores = new TestStores();
  candidateId = (await stores.vault.findOrCreateSafe({ admissionNo: '103000000101', citizenNo: '119900199611020005', name: '李艳' })).id;
});
afterEach(() => stores.drop());

const record = (detail: string) => {
  const terms = { candidateId, application: 'S3-14', kind: 'transfer_out' } as const;
  const handler = new RecordStatusApplicationHandler(stores.events, stores.vault);
  return stores.execute(handler, new RecordStatusApplication(anyGiven, terms, 'submitted', { remark: '材料不全', detail }));
};

it('The text of a status application is recorded only sealed, and recognised when it is repeated', async () => {
  expect(await record('转往河北省')).toMatchObject([{ recorded: 1 }]);
  expect(await record('转往河北省')).toMatchObject([{ recorded: 0 }]);
  expect(await record('转往天津市')).toMatchObject([{ recorded: 1 }]);
  expect(await stores.words()).not.toMatch(/材料不全|转往/);
  const log = await stores.log();
  const safe = await stores.vault.safe(candidateId);
  expect(log.map(({ data }) => safe.open((data as ApplicationDetails).text))).toEqual([
    { remark: '材料不全', detail: '转往河北省' },
    { remark: '材料不全', detail: '转往天津市' },
  ]);
  for (const { stream, subject } of log) expect({ stream, subject }).toEqual({ stream: 'application-S3-14', subject: candidateId });
});
