import { afterEach, describe, expect, it } from '@jest/globals';
import { knownImportFiles } from '../../src/composition/known/import-files.js';
import { type ImportPorts, importFolder } from '../../src/imports/import-folder.js';
import { ImportThreads } from '../../src/imports/import-threads.js';
import { InProcessPreview, type PreviewWorkers } from '../../src/imports/import-workers.js';
import { type PreviewPorts, previewFolder } from '../../src/imports/preview/preview-folder.js';
import { writeBatch } from './batch.js';
import { centreOn } from './centre.js';
import { edit, editLine, scratch, whatIsRecorded } from './scratch.js';

const CANDIDATES = 400;
const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function centre(): Promise<ImportPorts & PreviewPorts> {
  const opened = await centreOn(await scratch());
  ended.push(() => opened.close());
  return opened;
}

function threadsOn({ settings }: ImportPorts): ImportThreads {
  const threads = new ImportThreads({ ...process.env, DATA_DIR: settings.DATA_DIR });
  ended.push(() => threads.close());
  return threads;
}

describe('Import threads', () => {
  it('Import threads record and report the same as one thread, whatever the order of the rows', async () => {
    const folder = await scratch();
    await writeBatch(folder, { candidates: CANDIDATES, shuffled: true, badScoreEvery: 97 });
    await edit(folder, 'enrolments', (lines) => [...lines, lines[7] as string, '"never closed']);
    const options = { skipBadRows: true };
    const [alone, together] = [await centre(), await centre()];
    const expected = await importFolder(folder, options, alone);
    const report = await importFolder(folder, options, { ...together, workers: threadsOn(together) });
    const lasting = ({ seconds: _, batch: _batch, files, ...rest }: typeof report) => ({ ...rest, files: files.map(({ badRowsIn: _in, ...file }) => file) });
    expect(lasting(report)).toEqual(lasting(expected));
    expect(report.bad).toBeGreaterThan(10);
    expect(await whatIsRecorded(together.events, together.vault, CANDIDATES)).toEqual(await whatIsRecorded(alone.events, alone.vault, CANDIDATES));
  });

  it('Import threads preview the same as one thread, on a centre without stores and on one with them', async () => {
    const folder = await scratch();
    await writeBatch(folder, { candidates: CANDIDATES, shuffled: true });
    const ports = await centre();
    const whatChanges = async (workers: PreviewWorkers) =>
      (await previewFolder(folder, {}, { ...ports, workers })).files.map(({ file, bad, changes }) => ({ file, bad, changes }));
    const here = new InProcessPreview(knownImportFiles, ports);
    expect(await whatChanges(threadsOn(ports))).toEqual(await whatChanges(here));
    await importFolder(folder, {}, ports);
    await edit(folder, 'scores', (lines) => lines.map((line) => line.replace(/,5\d,,$/, ',60,,')));
    await edit(folder, 'enrolments', (lines) => lines.map((line, at) => (at % 7 === 0 ? line.replace('enrolled', 'withdrawn') : line)));
    const alone = await whatChanges(here);
    expect(alone.find(({ file }) => file === 'scores.csv')?.changes?.toPassed.rows).toBeGreaterThan(50);
    expect(alone.find(({ file }) => file === 'enrolments.csv')?.changes?.corrected).toBeGreaterThan(50);
    expect(await whatChanges(threadsOn(ports))).toEqual(alone);
  });

  it('Import threads record nothing when a file is bad, and nothing twice', async () => {
    const folder = await scratch();
    const rows = await writeBatch(folder, { candidates: 20 });
    const ports = await centre();
    const threads = threadsOn(ports);
    const workers = { ...ports, workers: threads };
    await editLine(folder, 'candidates', 2, (line) => line.replace(',normal,', ',unheard,'));
    expect(await importFolder(folder, {}, workers)).toMatchObject({ rows, bad: expect.any(Number) });
    expect(await ports.vault.find(['910000000007'])).toEqual([undefined]);
    await editLine(folder, 'candidates', 2, (line) => line.replace(',unheard,', ',normal,'));
    expect((await importFolder(folder, {}, workers)).recorded).toBeGreaterThan(300);
    expect(await importFolder(folder, {}, workers)).toMatchObject({ rows, recorded: 0, bad: 0 });
  });

  it('Import threads report why the stores cannot be opened', async () => {
    const folder = await scratch();
    await writeBatch(folder, { candidates: 2 });
    const ports = await centre();
    const threads = new ImportThreads({ ...process.env, DATA_DIR: ports.settings.DATA_DIR, MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
    ended.push(() => threads.close());
    await expect(importFolder(folder, {}, { ...ports, workers: threads })).rejects.toThrow('MASTER_KEY');
  });
});
