import type { AppendOutcome } from '../../event-store/request-appends.js';
import type { PageFrame } from '../views/views.js';
import type { OutcomeQuery } from './outcome-query.js';

type State = 'looking' | 'recorded' | 'partly' | 'nothing' | 'unknown';

/** The outcome of a request as a page. */
export interface OutcomeView {
  readonly page: PageFrame;
  readonly state: State;
  readonly title: string;
  readonly says: readonly string[];
  readonly see: { readonly href: string; readonly text: string };
  /** The next poll: its address, and the seconds until then. */
  readonly again: { readonly seconds: number; readonly address: string } | undefined;
  /** The page's own address. */
  readonly address: string;
  /** The request's id, to quote. */
  readonly number: string;
}

/** Milliseconds after the request during which a page polls. */
const POLL_FOR = 120_000;
/** Milliseconds after the request during which it polls more often. */
const POLL_OFTEN_FOR = 20_000;

const titles: Readonly<Record<State, string>> = {
  looking: '正在确认有没有记录',
  recorded: '已经记录',
  partly: '只记录了一部分',
  nothing: '没有记录',
  unknown: '现在还不能确定有没有记录',
};

/**
 * @param outcomes of all appends that were sent; undefined while the log is unavailable
 * @param age of the request, in milliseconds
 * @param address at which the page is looked up
 */
export function outcomeView(question: OutcomeQuery, outcomes: readonly AppendOutcome[] | undefined, age: number, address: string): OutcomeView {
  const { asked, request } = question;
  const state = stateOf(question, outcomes, age);
  const again = state === 'looking' ? { seconds: age < POLL_OFTEN_FOR ? 2 : 5, address } : undefined;
  return {
    page: { title: titles[state], ...(again && { refresh: again }) },
    state,
    title: titles[state],
    says: [asked.holds, ...sentences(state, question)].filter((sentence) => sentence !== undefined),
    see: asked.see,
    again,
    address,
    number: request,
  };
}

function stateOf({ sent, hasRecorded }: OutcomeQuery, outcomes: readonly AppendOutcome[] | undefined, age: number): State {
  if (sent.length === 0) return 'partly'; // all appends were answered; a later step failed
  if (!outcomes || outcomes.includes('open')) return age < POLL_FOR ? 'looking' : 'unknown';
  if (outcomes.every((outcome) => outcome === 'recorded')) return 'recorded';
  return hasRecorded || outcomes.includes('recorded') ? 'partly' : 'nothing';
}

function sentences(state: State, { asked: { what, next, unsure } }: OutcomeQuery): readonly (string | undefined)[] {
  switch (state) {
    case 'looking':
      return [`“${what}”：系统没有及时回应，还不能确定有没有记录。正在查询，这一页会自动更新。也可以自己查看。`, unsure];
    case 'recorded':
      return [`“${what}”已经记录。`, next];
    case 'partly':
      return [`“${what}”记录了一部分，没有全部完成。`, next];
    case 'nothing':
      return [`“${what}”没有完成，没有记录任何内容。请重新操作。`];
    case 'unknown':
      return [`“${what}”：查询以后还是不能确定有没有记录。请先查看结果，没有完成的再操作一次。`, unsure];
  }
}
