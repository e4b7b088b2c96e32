import Handlebars from 'handlebars';
import { ago, day, daysLeft, deadline, exactMoment, masked, moment, money, month, shortDay, shortSitting, sitting, windowEnd, yuan } from './formats.js';
import { markdownToHtml } from './markdown.js';
import type { AssetManifest } from './view-files.js';

const { escapeExpression, SafeString } = Handlebars;

interface Options {
  readonly data: { readonly now: number };
}

/**
 * The helpers of templates beside Handlebars' own `if`, `unless`, `each` and `with`. Those that write a value begin with `as-`, so that
 * none hides a field of the same name. A missing or wrong value is an error, and never an empty place on a page.
 */
export function templateHelpers({ addresses, icons }: AssetManifest): Readonly<Record<string, Handlebars.HelperDelegate>> {
  const svgs = new Map(icons.map((name) => [name, svgOf(`${addresses['icons.svg']}#${name}`)]));
  return {
    eq: (left: unknown, right: unknown) => left === right,
    or: (left: unknown, right: unknown) => left || right,
    icon: (name: string) => svgs.get(name) ?? missing(`icon "${name}": build again so that it is in the sprite`),
    asset: (name: string) => addresses[name] ?? missing(`asset "${name}"`),

    'as-moment': (instant: string) => moment(instant),
    'as-exact-moment': (instant: string) => exactMoment(instant),
    'as-day': (date: string) => day(date),
    'as-short-day': (date: string) => shortDay(date),
    'as-month': (date: string) => month(date),
    'as-sitting': (date: string, starts: string) => sitting(date, starts),
    'as-short-sitting': (date: string, starts: string) => shortSitting(date, starts),
    'as-window-end': (instant: string) => windowEnd(instant),
    'as-ago': (instant: string, { data }: Options) => ago(instant, data.now),
    'as-days-left': (when: string, { data }: Options) => daysLeft(when, data.now),
    'as-deadline': (instant: string, { data }: Options) => deadline(instant, data.now),

    'as-money': (fen: number) => readAloudAs(money(fen), yuan(fen)),
    'as-price': (fen: number) => readAloudAs(`¥ ${money(fen)}`, yuan(fen)),
    'as-yuan': (fen: number) => yuan(fen),
    'as-digits': (number: string) => readAloudAs(number, [...number].join(' ')),
    'as-masked': (number: string) => readAloudAs(masked(number), number.length > 3 ? `${[...number.slice(0, 3)].join(' ')}，其余隐藏` : '已隐藏'),
    'as-path': (part: string) => encodeURIComponent(part),
    'as-address': (address: string) => new SafeString(escapeExpression(address).replace(/:\/\/|\.(?=\w)/g, (at) => (at === '.' ? '<wbr>.' : `${at}<wbr>`))),
    'as-markdown': (text: string) => new SafeString(markdownToHtml(text)),
  };
}

function svgOf(address: string): Handlebars.SafeString {
  return new SafeString(`<svg class="icon" width="24" height="24" aria-hidden="true"><use href="${address}"></use></svg>`);
}

/** Shown as `written` and read aloud as `aloud`: a generic element must not have an aria-label. The space separates the two in the page's text. */
function readAloudAs(written: string, aloud: string): Handlebars.SafeString {
  return new SafeString(`<span class="num" aria-hidden="true">${escapeExpression(written)}</span><span class="sr"> ${escapeExpression(aloud)}</span>`);
}

function missing(what: string): never {
  throw new Error(`there is no ${what}`);
}
