import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../src/web/views/view-files.js';
import { type Calendar, instant } from './calendar.js';
import type { CsvFiles } from './csv.js';

const KEYS = ['rules', 'payment_guide', 'quick_channels', 'login_welcome', 'help', 'privacy'] as const;

/** The centre's default texts, as if the office had published them a year ago. */
export async function addContents(batch: CsvFiles, { today }: Calendar): Promise<void> {
  for (const key of KEYS) {
    const body = await readFile(join(projectRoot, `views/contents/${key}.md`), 'utf8');
    batch.add('contents', { key, effective_from: instant(today.minus({ years: 1 })), body });
  }
}
