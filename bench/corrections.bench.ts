import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Domain, openDomain } from '../src/composition/domain.js';
import { causedBy } from '../src/event-store/cause.js';
import { givenAt } from '../src/event-store/given.js';
import { importFolder as importInProcess } from '../src/imports/import-folder.js';
import { ApplyCorrection } from '../src/office/corrections/apply-correction.command.js';
import { ApproveCorrection } from '../src/office/corrections/approve-correction.command.js';
import { readSettings } from '../src/settings/settings.js';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, scratchFolder, secondsOf } from './measure.js';
import { type CommandRun, importFolder, runCommand } from './processes.js';
import { MASTER_KEY } from './sessions.js';

/** Candidates with four scores each. */
const FEW = 5_000;
const MANY = 50_000;
/** Score corrections of the preview whose time is measured. */
const PREVIEWED = 10_000;

/** The time and the memory of a preview of score corrections, and the rate at which they are applied. */
export async function* correcting(): AsyncGenerator<Finding> {
  const few = await centreOf(FEW);
  const previewed = await previewOf(few, PREVIEWED);
  yield {
    what: `seconds of a preview of ${PREVIEWED} score corrections, from the start of its process to its end`,
    figures: [`peak ${formatted(previewed.peak, 'MiB')}`],
    value: previewed.seconds,
    unit: 's',
    aim: { most: 10 },
  };
  yield await applied(few, PREVIEWED);
  const small = await previewOf(few, 4 * FEW);
  await rm(few.folder, { recursive: true });
  const many = await centreOf(MANY);
  const large = await previewOf(many, 4 * MANY);
  await rm(many.folder, { recursive: true });
  yield {
    what: `the memory that a preview of ${4 * MANY} score corrections takes, against ${4 * FEW}`,
    figures: [
      `peak at ${4 * FEW}: ${formatted(small.peak, 'MiB')}`,
      `peak at ${4 * MANY}: ${formatted(large.peak, 'MiB')} in ${formatted(large.seconds, 's')}`,
    ],
    value: large.peak / small.peak,
    aim: { most: 1.2 },
  };
}

interface Centre {
  readonly folder: string;
  readonly dataDir: string;
  /** The rows of its scores, with the header. */
  readonly scores: readonly string[];
}

async function centreOf(candidates: number): Promise<Centre> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates });
  await importFolder(batch, dataDir);
  for (const [name, role] of [
    ['zhou', 'city'],
    ['he', 'approver'],
  ] as const)
    await runCommand(['office', 'add', name, '--role', role, '--json'], dataDir);
  const scores = (await readFile(join(batch, 'scores.csv'), 'utf8')).trimEnd().split('\n');
  return { folder, dataDir, scores };
}

/** Proposes that so many scores are others, and previews it. */
async function previewOf(centre: Centre, rows: number): Promise<CommandRun<{ changes: number }>> {
  const id = await proposed(centre, rows, 1);
  const run = await runCommand<{ changes: number }>(['correction', 'preview', id, '--by', 'he', '--json'], centre.dataDir);
  if (run.answer.changes !== rows) throw new Error(`${run.answer.changes} rows change, not ${rows}`);
  return run;
}

async function proposed(centre: Centre, rows: number, by: number): Promise<string> {
  const file = join(centre.folder, 'corrections.csv');
  await writeFile(file, `${changedScores(centre, rows, by).join('\n')}\n`);
  const given = ['correction', 'propose', 'score', '--file', file, '--by', 'zhou', '--reason', '复核', '--json'];
  return (await runCommand<{ correction: string }>(given, centre.dataDir)).answer.correction;
}

/** The first scores, each higher by some points. */
function changedScores({ scores: [header = '', ...scores] }: Centre, rows: number, by: number): readonly string[] {
  return [header, ...scores.slice(0, rows).map((line) => line.replace(/,(\d+),,$/, (_, points: string) => `,${(Number(points) + by) % 101},,`))];
}

/** Rows a second of applying against an import of as many corrected scores, both in this process. */
async function applied(centre: Centre, rows: number): Promise<Finding> {
  const corrections = await proposed(centre, rows, 2);
  const folder = join(centre.folder, 'scores');
  await mkdir(folder);
  await writeFile(join(folder, 'scores.csv'), `${changedScores(centre, rows, 3).join('\n')}\n`);
  const domain = await openDomain(readSettings({ ...process.env, DATA_DIR: centre.dataDir, MASTER_KEY }));
  try {
    await domain.catalogue.start();
    const applying = await applyAll(corrections, domain);
    const importing = await secondsOf(() => importInProcess(folder, {}, { ...domain, hash: async (password) => password }));
    return {
      what: `rows a second of applying ${rows} score corrections, against an import of as many`,
      figures: [`applied in ${formatted(applying, 's')}`, `imported in ${formatted(importing, 's')}`],
      value: importing / applying,
      aim: { least: 0.7 },
    };
  } finally {
    await domain.close();
  }
}

/** Seconds of applying, without the approval. */
async function applyAll(id: string, { desk, commands, clock }: Domain): Promise<number> {
  return causedBy({ by: 'office:he', origin: 'office', correlation: id }, async () => {
    const { fingerprint } = await desk.preview(id, clock.instant());
    await commands.execute(new ApproveCorrection(givenAt(clock.instant()), id, 'he', fingerprint, false));
    const { terms } = await desk.proposal(id);
    return secondsOf(async () => {
      for (let chunk = 0; chunk < (terms?.chunks ?? 0); chunk++) await commands.execute(new ApplyCorrection(givenAt(clock.instant()), id, chunk));
    });
  });
}
