import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RecordDeclaration, RecordDeclarationHandler } from '../../src/declarations/record-declaration.command.js';
import type { Sealed } from '../../src/vault/vault.js';
import { anyGiven } from '../decided.js';
import { TestStores } from '../stores.js';

let stores: TestStores;
let candidateId: string;
beforeEach(async () => {
  stores = new TestStores();
  candidateId = (await stores.vault.findOrCreateSafe({ admissionNo: '103000000080', citizenNo: '119900199611020005', name: '李艳' })).id;
});
afterEach(() => stores.drop());

const record = (remark?: string) => {
  const terms = { candidateId, declaration: 'D3-11', kind: 'degree', period: '2026B', major: '01B0302', university: '中国政法大学' } as const;
  const handler = new RecordDeclarationHandler(stores.events, stores.vault);
  return stores.execute(handler, new RecordDeclaration(anyGiven, terms, 'rejected', '2026-11-19', remark));
};

it('A remark on a declaration is recorded only sealed, and recognised when it is repeated', async () => {
  expect(await record('平均成绩未达到要求')).toMatchObject([{ recorded: 2 }]);
  expect(await record('平均成绩未达到要求')).toMatchObject([{ recorded: 0 }]);
  expect(await record('材料不全')).toMatchObject([{ recorded: 1 }]);
  expect(await record()).toMatchObject([{ recorded: 1 }]);
  expect(await stores.words()).not.toMatch(/平均成绩|材料不全/);
  const log = await stores.log();
  const safe = await stores.vault.safe(candidateId);
  const remarks = log.slice(1).map(({ data }) => (data as { remark?: Sealed<string> }).remark);
  expect(remarks.map((remark) => remark && safe.open(remark))).toEqual(['平均成绩未达到要求', '材料不全', undefined]);
  for (const { stream, subject } of log) expect({ stream, subject }).toEqual({ stream: 'declaration-D3-11', subject: candidateId });
});
