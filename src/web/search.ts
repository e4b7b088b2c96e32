import { normalisedName } from '../vault/names.js';

/** Longer than any course's or major's name. */
const MOST = 40;

/** What was typed into a search field. */
export interface Search {
  /** As it was typed, to be shown in the field again. */
  readonly text: string;
  /** Why there is no search; the page answers 422 with it. */
  readonly refused: string | undefined;
  /** False for an empty search. */
  readonly any: boolean;
  /** Whether the code begins with the text or the name contains it; names are compared as those of people (vault/names.ts). */
  matches(code: string, name: string): boolean;
}

/** Reads `?code=` of the address; a parameter that is given twice counts as empty. */
export function searchOf(query: unknown): Search {
  const text = typeof query === 'string' ? query.trim() : '';
  const tooLong = [...text].length > MOST;
  const wanted = tooLong ? '' : plain(text);
  const wantedName = normalisedName(wanted);
  return {
    text,
    refused: tooLong ? `搜索内容太长，请输入 ${MOST} 个字以内的课程代码或名称。` : undefined,
    any: wanted !== '',
    matches: (code, name) => plain(code).startsWith(wanted) || (wantedName === '' ? plain(name).includes(wanted) : normalisedName(name).includes(wantedName)),
  };
}

function plain(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
}
