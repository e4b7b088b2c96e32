import { FILE_START, type RecordStart } from '../files/csv-records.js';
import { encodingFault } from '../files/encoding.js';
import type { CheckWorkers } from '../import-workers.js';
import type { CheckedPiece } from './check-piece.js';
import type { StagedFile } from './staged-file.js';

/** The advice for a file that the office has created itself. */
const AS_CSV = '请另存为“CSV UTF-8（逗号分隔）”';

/**
 * Reads a file, checks each row by itself and stages the rows. While one piece is staged, the next is checked.
 * @param progress receives bytes and rows since its last call
 */
export async function stageFile(file: StagedFile, workers: CheckWorkers, progress: (bytes: number, rows: number) => void): Promise<void> {
  const unreadable = await encodingFault(file.path);
  if (unreadable) {
    refuse(file, `${unreadable}：${AS_CSV}`);
    progress(file.size, 0);
    return;
  }
  const check = (from: RecordStart) => workers.check({ kind: file.name, path: file.path, from, ...(file.header && { header: file.header.fields }) });
  const take = async (piece: CheckedPiece) => file.addPiece(piece);
  let read = 0;
  for (let piece: CheckedPiece | undefined = await check(FILE_START); piece; ) {
    const { header, next, seen }: CheckedPiece = piece;
    if (header) file.setHeader(header);
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
  file.setHeader({ fields: [], place: { line: 1, start: 0, end: 0 }, faults: [{ column: '', reason }] });
}
