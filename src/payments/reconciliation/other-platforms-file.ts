import { open } from 'node:fs/promises';
import { encodingFault } from '../../imports/files/encoding.js';

/** In bytes, enough for a title or the names of all columns. */
const BEGINNING = 2_048;
/** Words in the first lines of other platforms' files, by their public manuals. */
const OTHERS: readonly (readonly [words: RegExp, what: string])[] = [
  [/微信(支付)?订单号/, '微信支付的交易账单'],
  [/支付宝/, '支付宝的业务明细'],
];

/** Why a file cannot be a daily file of the payment platform, in a sentence for people; undefined where it may be one. */
export async function otherFileFault(path: string): Promise<string | undefined> {
  const first = await beginningOf(path);
  const wrong = await encodingFault(path);
  const text = new TextDecoder(wrong?.includes('UTF-16') ? 'utf-16' : wrong?.includes('GBK') ? 'gb18030' : 'utf-8').decode(first);
  const other = OTHERS.find(([words]) => words.test(text))?.[1];
  if (other) return `这是${other}${wrong?.includes('GBK') ? '（GBK 编码）' : ''}，不是公共支付平台的对账文件`;
  return wrong;
}

async function beginningOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
