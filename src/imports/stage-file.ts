import type { CheckedPiece } from './check-piece.js';
import { BEGINNING, type Start } from './files/csv-records.js';
import { encodingFault } from './files/encoding.js';
import type { StagedFile } from './staged-file.js';
import type { ImportWorkers } from './workers.js';

/** What the office does about a file that it has made itself. */
const AS_CSV = '请另存为“CSV UTF-8（逗号分隔）”';

/**
 * Reads a file and takes its rows in, each checked by itself: while one piece is taken in, the next is checked.
 * @param progress bytes and rows since it was last called
 */
export async function stageFile(file: StagedFile, workers: ImportWorkers, progress: (bytes: number, rows: number) => void): Promise<void> {
  const unreadable = await encodingFault(file.path);
  if (unreadable) {
    refuse(file, `${unreadable}：${AS_CSV}`);
    progress(file.size, 0);
    return;
  }
  const check = (from: Start) => workers.check({ kind: file.name, path: file.path, from, ...(file.header && { header: file.header.fields }) });
  const take = async (piece: CheckedPiece) => file.take(piece);
  let read = 0;
  for (let piece: CheckedPiece | undefined = await check(BEGINNING); piece; ) {
    const { header, next, seen }: CheckedPiece = piece;
    if (header) file.begin(header);
    const following: Promise<CheckedPiece | undefined> = next ? check(next) : Promise.resolve(undefined);
    await Promise.all([following, take(piece)]);
    const reached = next?.offset ?? file.size;
    progress(reached - read, seen);
    read = reached;
    piece = await following;
  }
  if (!file.header) refuse(file, '文件是空的，连标题行也没有');
}

function refuse(file: StagedFile, reason: string): void {
  file.begin({ fields: [], place: { line: 1, start: 0, end: 0 }, faults: [{ column: '', reason }] });
}
