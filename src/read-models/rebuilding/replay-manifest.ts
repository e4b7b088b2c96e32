import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode } from '../../kernel/error-code.js';
import { inheritOwner } from '../../kernel/file-owner.js';
import type { Checkpoint } from '../read-models.js';

/** What a replay has done so far, so that it can be resumed; stored beside its spool files. */
export type Manifest = Readonly<z.infer<typeof manifest>>;

/** A part of the log that one reader spools, in a file of its own. */
export type Section = Manifest['sections'][number];

const checkpoint = z.object({ position: z.string(), eventId: z.string().optional() }).transform(({ position, eventId }): Checkpoint => {
  return eventId === undefined ? { position } : { position, eventId };
});

const section = z.object({
  /** The name of its spool file. */
  file: z.string(),
  from: z.string(),
  to: z.string(),
  /** Up to where it is spooled, `from` before the first event. */
  read: checkpoint,
  /** Events that were spooled of it. */
  events: z.number(),
  end: z.object({ size: z.number(), last: z.array(z.number()).readonly(), bytes: z.array(z.number()).readonly() }),
  /** By name of the build, where it stops because the document key of the next event is unknown. */
  stops: z.record(z.string(), z.object({ before: checkpoint, reason: z.string() })),
});

const manifest = z.object({
  format: z.literal(2),
  builds: z.array(z.object({ name: z.string(), fingerprint: z.string() })),
  /** The end of the log when it began. */
  head: checkpoint,
  partitions: z.number(),
  sections: z.array(section),
  /** Partitions whose documents are written. */
  folded: z.array(z.number()),
});

/** The name of its file in the folder of its replay. */
export const MANIFEST = 'manifest.json';

/** Undefined where there is none, or none that this release can read. */
export async function readManifest(file: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Atomic: a reader finds the manifest before or this one. */
export async function writeManifest(file: string, written: Manifest): Promise<void> {
  const beside = `${file}.new`;
  const handle = await open(beside, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(written));
    await handle.sync();
    inheritOwner(beside);
  } finally {
    await handle.close();
  }
  await rename(beside, file);
}
