import { say } from './dom.js';

/** So long before a session ends for want of use its reader is asked. Milliseconds. */
const WARNING = 120_000;

/** So often a server that did not answer when the time was up is asked again. Milliseconds. */
const UNREACHABLE = 5_000;

const address = '/center/session';

let endsAt;
let timer;

/**
 * Two minutes before the end asks 继续使用; other tabs count, so the server is asked first. The server alone decides that the session
 * has ended: only then this leads to the login page and back here, for a page asked for a moment earlier would renew the session.
 */
export function watchSession() {
  const { secondsLeft } = document.body.dataset;
  if (secondsLeft === undefined) return;
  const dialog = document.getElementById('session');
  dialog.querySelector('[data-renew]').addEventListener('click', renew);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    renew();
  });
  document.addEventListener('visibilitychange', () => document.hidden || tick());
  window.addEventListener('online', tick);
  expect(Number(secondsLeft));

  function expect(seconds) {
    endsAt = Date.now() + seconds * 1000;
    wait();
  }

  function wait() {
    clearTimeout(timer);
    const left = endsAt - Date.now();
    const until = left <= 0 ? UNREACHABLE : dialog.hasAttribute('open') ? Math.min(left, 10_000) : left - WARNING;
    timer = setTimeout(tick, Math.min(Math.max(until, 500), 2 ** 30));
  }

  async function tick() {
    const left = endsAt - Date.now();
    if (left > WARNING) return wait();
    const seconds = await remaining();
    if (seconds !== undefined) endsAt = Date.now() + seconds * 1000;
    if (seconds === 0) return leave();
    if (endsAt <= Date.now()) hide();
    else if (endsAt - Date.now() > WARNING) close();
    else warn();
    wait();
  }

  function warn() {
    const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
    dialog.querySelector('[data-left]').textContent = seconds > 60 ? `${Math.ceil(seconds / 60)} 分钟` : `${seconds} 秒`;
    open();
  }

  function open() {
    if (dialog.hasAttribute('open')) return;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute('open', '');
  }

  function close() {
    main().hidden = false;
    if (!dialog.hasAttribute('open')) return;
    if (dialog.close) dialog.close();
    else dialog.removeAttribute('open');
  }

  async function renew() {
    const seconds = await remaining('POST');
    sayUnreachable(seconds === undefined);
    if (seconds === 0) leave();
    else if (seconds > 0) {
      close();
      expect(seconds);
      say('可以继续使用了');
    }
  }

  /** The time is up and the server cannot be asked: what is the candidate's alone is not shown until it can. */
  function hide() {
    main().hidden = true;
    sayUnreachable(true);
    warn();
  }

  function sayUnreachable(is) {
    const failed = dialog.querySelector('[data-failed]');
    failed.hidden = !is;
    if (is) failed.textContent = navigator.onLine ? '没有连上服务器，请再试一次。' : '网络已断开，请检查网络后再试。';
  }

  function leave() {
    main().hidden = true;
    location.replace(`/login?ended=${ended}&to=${encodeURIComponent(location.pathname + location.search)}`);
  }
}

function main() {
  return document.getElementById('main'); // may have been replaced since the page came
}

/** By what a session that is over has ended, as the login page is told: `1`, by its time. */
let ended = '1';

/** Seconds that the session has left, 0 when it is over, undefined when the server cannot be reached. */
async function remaining(method = 'GET') {
  try {
    const answer = await fetch(address, { method, headers: { Accept: 'application/json' } });
    if (answer.redirected) {
      ended = new URL(answer.url).searchParams.get('ended') ?? ended;
      return 0;
    }
    if (answer.ok) return (await answer.json()).secondsLeft;
    return answer.status >= 500 || answer.status === 429 ? undefined : 0;
  } catch {
    return undefined; // no network, or no JSON: asked again soon
  }
}
