import type { EventStore } from '../../event-store/event-store.js';
import { registeredIdentifiers } from '../../registrations/identifiers.js';
import { normalisedNumber } from '../../vault/numbers.js';
import type { ReadableVault } from '../../vault/vault.js';
import type { StagedFile, StagedRow } from '../staging/staged-file.js';
import type { Staging } from '../staging/staging.js';

/** A spreadsheet keeps 15 digits of a number and replaces the rest by zeros. */
const KEPT_DIGITS = 15;
const TRUNCATED = /^\d{15}000$/;

const REFUSED = '后三位成了 000，与已登记的号码不一致：像是表格软件改写的，请重新从原始数据导出，把这一列设为文本';
const SUSPECT = '以 000 结尾，像是表格软件改写的（真正如此的约千分之一），请核对';

/**
 * Looks for citizen numbers that a spreadsheet has truncated and that still have the right check digit, as one in eleven does. A row is bad
 * when its number would replace a recorded one with the same first 15 digits. A new number may be genuine, so it is only a warning.
 */
export async function checkTruncatedNumbers(
  { files }: Staging,
  stores: { readonly events: Pick<EventStore, 'streams'>; readonly vault: ReadableVault },
): Promise<void> {
  const file = files.find(({ name }) => name === 'candidates');
  if (!file || file.hasBadHeader) return;
  for (const page of file.pages()) {
    const suspects = page.filter(({ text }) => text.includes('000"') && TRUNCATED.test(rowOf(text).id_no));
    if (suspects.length > 0) await checkRows(file, suspects, stores);
  }
}

async function checkRows(
  file: StagedFile,
  rows: readonly StagedRow[],
  { events, vault }: { readonly events: Pick<EventStore, 'streams'>; readonly vault: ReadableVault },
) {
  const ids = await vault.find(rows.map(({ text }) => rowOf(text).admission_no));
  const known = ids.filter((id) => id !== undefined);
  const recorded = await registeredIdentifiers(events, await vault.safes(known));
  const numberOf = new Map(known.map((id, at) => [id, normalisedNumber(recorded[at]?.citizenNo ?? '')]));
  rows.forEach(({ line, text }, at) => {
    const number = rowOf(text).id_no;
    const before = numberOf.get(ids[at] ?? '');
    if (before === number) return;
    const isCut = before?.slice(0, KEPT_DIGITS) === number.slice(0, KEPT_DIGITS);
    if (isCut) file.markBad(line, [{ column: 'id_no', reason: REFUSED }]);
    else file.warn(line, { column: 'id_no', reason: SUSPECT });
  });
}

function rowOf(text: string): { readonly admission_no: string; readonly id_no: string } {
  return JSON.parse(text);
}
