import { isAscii, isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';

const CHUNK = 256 * 1024;
const NEWLINE = 10;
/** In bytes. Longer lines are not examined. */
const LONGEST_LINE = 1024 * 1024;
/** This many lines with non-ASCII text are enough to detect a file's encoding. */
const TELLING_LINES = 200;

/** First bytes of files that are not UTF-8 text. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], reason: string])[] = [
  [[0xff, 0xfe], '文件是 UTF-16 编码，应为 UTF-8'],
  [[0xfe, 0xff], '文件是 UTF-16 编码，应为 UTF-8'],
  [[0x50, 0x4b, 0x03, 0x04], '文件是 Excel 工作簿或压缩文件，不是 CSV'],
  [[0x1f, 0x8b], '文件是 gzip 压缩文件，不是 CSV'],
  [[0xd0, 0xcf, 0x11, 0xe0], '文件是 Excel 工作簿，不是 CSV'],
];

/**
 * Why a file as a whole is not CSV in UTF-8, in Chinese for the person who made it: it is UTF-16, GBK or GB 18030, or a
 * workbook. What to do about it depends on who made the file, and is not said. Undefined for UTF-8, also where single lines are
 * broken: those are faults of their own.
 *
 * Reads no further than it takes to tell: to the first lines that hold more than ASCII.
 */
export async function encodingFault(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const first = Buffer.alloc(64);
    const { bytesRead } = await file.read(first, 0, first.length, 0);
    return signatureFault(first.subarray(0, bytesRead)) ?? (await lineFault(file));
  } finally {
    await file.close();
  }
}

function signatureFault(bytes: Buffer): string | undefined {
  const signature = SIGNATURES.find(([beginning]) => beginning.every((byte, at) => bytes[at] === byte));
  if (signature) return signature[1];
  // without a mark: every second byte of a header in ASCII is zero
  const zeros = (from: number) => bytes.filter((byte, at) => at % 2 === from && byte === 0).length;
  const most = Math.floor(bytes.length / 2);
  return most >= 4 && Math.max(zeros(0), zeros(1)) >= most * 0.75 ? SIGNATURES[0]?.[1] : undefined;
}

/** Whether more lines are in GB 18030, of which GBK is a part, than in UTF-8. */
async function lineFault(file: FileHandle): Promise<string | undefined> {
  const count = { utf8: 0, either: 0, gb18030: 0, neither: 0 };
  let lines = 0;
  for await (const line of linesBeyondAscii(file)) {
    count[encodingOf(line)] += 1;
    lines += 1;
    if (lines >= TELLING_LINES) break;
  }
  if (count.gb18030 + count.neither <= count.utf8) return undefined;
  return count.gb18030 >= count.neither ? '文件是 GBK 编码，应为 UTF-8' : '文件不是 UTF-8 编码';
}

/** Chinese takes three bytes in UTF-8. What takes two, all through a line, may as well be GBK (联通 is the known case). */
function encodingOf(line: Buffer): 'utf8' | 'either' | 'gb18030' | 'neither' {
  if (isUtf8(line)) return line.some((byte) => byte >= 0xe0) ? 'utf8' : 'either';
  return isGb18030(line) ? 'gb18030' : 'neither';
}

async function* linesBeyondAscii(file: FileHandle): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let passing = false;
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
    at += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    const read = passing ? chunk.subarray(afterNewline(chunk)) : Buffer.concat([rest, chunk]);
    passing &&= !chunk.includes(NEWLINE) && bytesRead > 0;
    const end = bytesRead === 0 ? read.length : read.lastIndexOf(NEWLINE) + 1;
    rest = read.subarray(end);
    if (rest.length > LONGEST_LINE) {
      rest = Buffer.alloc(0);
      passing = true;
    }
    const whole = read.subarray(0, end);
    if (!isAscii(whole)) yield* beyondAscii(whole);
    if (bytesRead === 0) return;
  }
}

function afterNewline(chunk: Buffer): number {
  const newline = chunk.indexOf(NEWLINE);
  return newline < 0 ? chunk.length : newline + 1;
}

function* beyondAscii(lines: Buffer): Generator<Buffer> {
  for (let start = 0; start < lines.length; ) {
    const newline = lines.indexOf(NEWLINE, start);
    const end = newline < 0 ? lines.length : newline + 1;
    const line = lines.subarray(start, end);
    if (!isAscii(line)) yield line;
    start = end;
  }
}

const gb18030 = new TextDecoder('gb18030');

function isGb18030(line: Buffer): boolean {
  return !gb18030.decode(line).includes('\uFFFD');
}
