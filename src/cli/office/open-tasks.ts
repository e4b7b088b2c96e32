import { type Task, tasks } from '../../../projections/tasks.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { beijing } from '../program/beijing-time.js';

/** The tasks of the office that wait for a person. */
export interface OpenTasks {
  readonly open: number;
  /** When the oldest was raised; null where there is none. */
  readonly oldest: string | null;
  readonly byKind: Readonly<Partial<Record<Task['kind'], number>>>;
}

const PAGE = 1_000;

export async function openTasks(readModels: ReadModels): Promise<OpenTasks> {
  const byKind: Partial<Record<Task['kind'], number>> = {};
  let open = 0;
  let oldest: string | null = null;
  for (let after: string | undefined; ; ) {
    const page = await readModels.list(tasks, 'open', after, PAGE);
    for (const { document } of page) byKind[document.kind] = (byKind[document.kind] ?? 0) + 1;
    open += page.length;
    const [first] = page;
    if (oldest === null && first) oldest = beijing(first.document.raisedAt);
    after = page.at(-1)?.cursor;
    if (page.length < PAGE) return { open, oldest, byKind };
  }
}
