import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type Recorded, START } from '../../src/event-store/event.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import type { Vault } from '../../src/vault/vault.js';
import { admissionNo, writeBatch } from './batch.js';

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that is removed after the test. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imports-'));
  made.push(folder);
  return folder;
}

/** A small batch in its own folder `batch`, with a DATA_DIR beside it. */
export async function smallBatch(candidates = 6): Promise<{ readonly folder: string; readonly data: string; readonly rows: number }> {
  const parent = await scratch();
  const folder = join(parent, 'batch');
  return { folder, data: join(parent, 'data'), rows: await writeBatch(folder, { candidates }) };
}

/** Rewrites a file's lines, including the header. */
export async function edit(folder: string, file: string, change: (lines: string[]) => readonly string[]): Promise<void> {
  const path = join(folder, `${file}.csv`);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await writeFile(path, `${change(lines).join('\n')}\n`);
}

/** Changes one line, counted from 1. */
export const editLine = (folder: string, file: string, line: number, change: (text: string) => string) =>
  edit(folder, file, (lines) => lines.map((text, at) => (at === line - 1 ? change(text) : text)));

/** All events except the installation, which the first import records, and the notes of batches. */
export async function allEvents(events: EventStore): Promise<readonly Recorded[]> {
  const all: Recorded[] = [];
  for (let position = START, end = false; !end; ) {
    const page = await events.read(position, 10_000, { except: ['InstallationMade', 'ImportBegun', 'ImportEnded'] });
    all.push(...page.events);
    ({ position, end } = page);
  }
  return all;
}

/** Values that differ from run to run because their keys are random. */
const OF_A_RUN = ['person', 'digest', 'password', 'remark', 'detail', 'texts', 'reason'];

/** The log by stream, in a form that is the same for every run of a batch: candidates' ids are replaced by admission numbers. */
export async function whatIsRecorded(events: EventStore, vault: Vault, candidates: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const numbers = Array.from({ length: candidates }, (_, at) => admissionNo(at));
  const ids = await vault.find(numbers);
  const names = new Map(ids.map((id, at) => [id, numbers[at]]));
  const plain = (text: string) => text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => names.get(id) ?? id);
  const shown = ({ type, data }: Recorded) => {
    const kept = Object.fromEntries(Object.entries(data).filter(([name]) => !OF_A_RUN.includes(name)));
    return `${type} ${plain(JSON.stringify(kept))}`;
  };
  const byStream = Map.groupBy(await allEvents(events), ({ stream }) => plain(stream));
  return Object.fromEntries([...byStream].map(([stream, recorded]) => [stream, recorded.map(shown)]));
}
