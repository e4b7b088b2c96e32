import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { knownImportFiles } from '../../src/composition/known/import-files.js';
import { affectedBy, findBatch, listBatches } from '../../src/imports/batches.js';
import { type ImportOptions, type ImportPorts, importFolder } from '../../src/imports/import-folder.js';
import { InProcessWorker } from '../../src/imports/import-workers.js';
import { type PreviewPorts, previewFolder } from '../../src/imports/preview/preview-folder.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { MemoryEventStore } from '../read-models/memory.event-store.js';
import { centreOn } from './centre.js';
import { editLine, smallBatch } from './scratch.js';

async function withCentre<T>(data: string, work: (ports: ImportPorts & PreviewPorts) => Promise<T>): Promise<T> {
  const centre = await centreOn(data);
  try {
    return await work(centre);
  } finally {
    await centre.close();
  }
}

const BY: ImportOptions = { origin: { by: 'xicheng', reason: '四月成绩', ticket: 'KS-17' } };

describe('The batches of the log', () => {
  it('The batches of the log say who imported which files, with rows and digests, why, and what was recorded', async () => {
    const { folder, data, rows } = await smallBatch();
    await withCentre(data, async (ports) => {
      const report = await importFolder(folder, BY, ports);
      const [batch] = await listBatches(ports.events);
      expect(batch?.begun.data).toMatchObject({ batch: report.batch, account: 'xicheng', reason: '四月成绩', ticket: 'KS-17' });
      expect(batch?.begun.data.files.reduce((sum, file) => sum + file.rows, 0)).toBe(rows);
      const sha256 = createHash('sha256')
        .update(await readFile(join(folder, 'scores.csv')))
        .digest('hex');
      expect(batch?.begun.data.files).toContainEqual({ file: 'scores.csv', rows: 24, sha256 });
      expect(batch?.ended?.data).toMatchObject({ batch: report.batch, recorded: report.recorded });
      expect(batch?.ended?.data.files).toContainEqual({ file: 'scores.csv', recorded: 24, bad: 0, keptOut: false });
    });
  });

  it('The batches of the log come first and last around the events of their rows, which have the id of the batch as their correlation', async () => {
    const { folder, data } = await smallBatch(2);
    await withCentre(data, async (ports) => {
      const { batch, recorded } = await importFolder(folder, {}, ports);
      const { events } = await ports.events.read('', 10_000, { except: ['InstallationMade'] });
      expect([events[0]?.type, events.at(-1)?.type]).toEqual(['ImportBegun', 'ImportEnded']);
      expect(events.filter(({ metadata }) => metadata.correlation === batch)).toHaveLength(recorded + 2);
    });
  });

  it('The batches of the log count by event type whom a batch affected, without what others recorded', async () => {
    const { folder, data } = await smallBatch();
    await withCentre(data, async (ports) => {
      await importFolder(folder, BY, ports);
      for (const line of [2, 3]) await editLine(folder, 'scores', line, (text) => text.replace(/,\d+,,$/, ',99,,'));
      const { batch } = await importFolder(folder, BY, ports);
      const found = await findBatch(ports.events, batch ?? '');
      const affected = found && (await affectedBy(ports.events, found));
      expect(affected).toEqual([{ type: 'ScoreCorrected', events: 2, candidates: 1, examples: [expect.any(String)] }]);
    });
  });

  it('The batches of the log note a batch of which everything was recorded before, with no events', async () => {
    const { folder, data } = await smallBatch(2);
    await withCentre(data, async (ports) => {
      await importFolder(folder, BY, ports);
      await importFolder(folder, BY, ports);
      const [again, first] = await listBatches(ports.events);
      expect([again?.ended?.data.recorded, again?.begun.data.files]).toEqual([0, first?.begun.data.files]);
      expect(again && (await affectedBy(ports.events, again))).toEqual([]);
    });
  });

  it('The batches of the log do not mention a dry run, nor an import of which no file was accepted', async () => {
    const { folder, data } = await smallBatch(2);
    await withCentre(data, async (ports) => {
      await previewFolder(folder, {}, ports);
      await importFolder(folder, BY, { ...ports, kinds: knownImportFiles.filter(({ name }) => name === 'scores') }); // its candidates are unknown
      expect(await listBatches(ports.events)).toEqual([]);
    });
  });

  it('The batches of the log show a batch that was broken off as not ended with what it recorded, and its second run as another', async () => {
    const { folder, data } = await smallBatch(3);
    await withCentre(data, async (ports) => {
      const whole = new InProcessWorker(knownImportFiles, ports.commands, ports.vault);
      const workers = {
        concurrency: 1,
        check: whole.check.bind(whole),
        record: (some: Parameters<typeof whole.record>[0]) =>
          some.rows.kinds.includes('scores') ? Promise.reject(new StoreUnavailable('away')) : whole.record(some),
      };
      await expect(importFolder(folder, BY, { ...ports, workers })).rejects.toThrow('away');
      const [broken] = await listBatches(ports.events);
      expect(broken?.ended).toBeUndefined();
      expect((broken && (await affectedBy(ports.events, broken)))?.map(({ type }) => type)).toContain('CandidateRegistered');
      await importFolder(folder, BY, ports);
      const [second, first] = await listBatches(ports.events);
      expect(first).toEqual(broken);
      const affected = second && (await affectedBy(ports.events, second));
      expect(affected?.map(({ type }) => type)).toContain('ScoreRecorded');
      expect(affected?.map(({ type }) => type)).not.toContain('CandidateRegistered');
    });
  });

  it('The batches of the log are not listed when a newer release has recorded one, since the list would lack it', async () => {
    const log = new MemoryEventStore();
    log.tell([{ type: 'ImportBegun', data: {}, unknown: true }]);
    await expect(listBatches(log)).rejects.toThrow(StoreUnavailable);
  });
});
