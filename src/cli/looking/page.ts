import { writeFile } from 'node:fs/promises';
import { type LookedAtPage, lookAtPage } from '../../composition/looked-at-page.js';
import { nearestSentence } from '../../kernel/nearest.js';
import type { Vault } from '../../vault/vault.js';
import { beijing, type GivenTime } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';
import { candidateGiven, withVault } from './keys.js';
import { inertPage, textOfPage } from './page-output.js';
import { type Revealing, revealed, viewerOf } from './reveal.js';

interface PageGiven extends Revealing {
  readonly candidate: string;
  readonly page: string;
  readonly at: GivenTime | undefined;
  readonly html: boolean;
  readonly out: string | undefined;
}

/** Pages of the centre that show something (docs/domain.md, "Pages of the centre"), by their last part; `home` is the first of them. */
const PAGES = [
  'home',
  'profile',
  'confirmation',
  'majors',
  'courses',
  'exam',
  'rules',
  'declarations',
  'results',
  'payment-guide',
  'bills',
  'payments',
  'status',
  'account',
  'notices',
];

/**
 * `page ADMISSION_NO PAGE [--at TIME]`: a page as a candidate sees it now, or with the documents and reference data of a past moment, by
 * today's views and templates.
 */
export async function runPage({ candidate, page, at, html, out: file, ...revealing }: PageGiven, { settings, out }: Context): Promise<CommandResult> {
  const viewer = viewerOf(revealing);
  const address = addressOf(page);
  const moment = at?.instant ?? new Date().toISOString();
  if (moment > new Date().toISOString()) throw new WrongUse('bad_value', '--at 还没有到');
  const candidateId = await candidateGiven(candidate, settings);
  const look = (vault: Vault) => lookAtPage(settings, vault, { candidateId, address, at: at?.instant, opened: viewer !== undefined });
  const looked = viewer ? await revealed(settings, viewer, [candidateId], `page ${page}`, look) : await withVault(settings, look);
  assertShown(looked, at !== undefined);
  const says = [
    at === undefined ? `现在保存的资料（${beijing(moment)}）` : `${at.shown} 时的资料，从事件重新计算`,
    '用现在的页面显示',
    viewer ? '' : '个人信息没有打开，写作“信息已删除”的地方是密封的',
    '表单和链接不能用',
  ].filter(Boolean);
  const inert = inertPage(looked, `${says.join('；')}。`);
  if (file !== undefined) {
    await writeFile(file, inert, { mode: 0o600 });
    out.done(`页面已写入 ${file}`);
  } else {
    for (const line of html ? [inert] : textOfPage(looked.body)) out.answer(line);
  }
  out.note(`${says.join('；')}。`);
  const shown = file === undefined ? { html: inert } : { file };
  return { json: { candidateId, page, address, at: at === undefined ? null : beijing(at.instant), revealed: viewer !== undefined, ...shown } };
}

/** @throws WrongUse for a page that there is none of */
function addressOf(page: string): string {
  const [first = '', ...rest] = page.replace(/^\/?(center\/)?/, '').split('/');
  if (!PAGES.includes(first) || rest.length > 1 || rest.some((part) => !/^[\w-]+$/.test(part))) {
    throw new WrongUse('unknown_page', `没有页面 ${page}；${nearestSentence(page, PAGES)}`);
  }
  return first === 'home' ? '/center' : ['/center', first, ...rest].join('/');
}

/** @throws CommandRefused where the page was not shown to the candidate; what kept the page from being made */
function assertShown({ status, location, contentType, failure }: LookedAtPage, isPast: boolean): void {
  const when = isPast ? '那时' : '现在';
  if (location !== undefined) throw new CommandRefused('not_shown', `${when}这位考生看不到这一页：会转到 ${location.split('?')[0]}`);
  if (status === 404) throw new CommandRefused('not_shown', `${when}没有这一页`);
  if (failure !== undefined) throw failure;
  if (status === 503) throw new CommandRefused('updating', `${when}这一页的资料正在更新：用 status 查看`);
  if (status !== 200) throw new CommandRefused('page_failed', `页面没有显示出来（${status}）`);
  if (!contentType.startsWith('text/html')) throw new CommandRefused('no_page', `这不是网页，而是 ${contentType}`);
}
