import { announce } from './dom.js';

/** Milliseconds before the end of an idle session at which the dialog appears. */
const WARNING = 120_000;

/** Milliseconds between requests to a server that did not answer at the end of the session. */
const RETRY_INTERVAL = 5_000;

const address = '/center/session';

let endsAt;
let timer;

/**
 * Asks 继续使用 two minutes before the end. Other tabs may have used the session, so the server is asked first. Only when the server
 * says that the session has ended does this go to the login page; a page requested a moment earlier would renew the session.
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
  setRemaining(Number(secondsLeft));

  function setRemaining(seconds) {
    endsAt = Date.now() + seconds * 1000;
    schedule();
  }

  function schedule() {
    clearTimeout(timer);
    const left = endsAt - Date.now();
    const until = left <= 0 ? RETRY_INTERVAL : dialog.hasAttribute('open') ? Math.min(left, 10_000) : left - WARNING;
    timer = setTimeout(tick, Math.min(Math.max(until, 500), 2 ** 30));
  }

  async function tick() {
    const left = endsAt - Date.now();
    if (left > WARNING) return schedule();
    const seconds = await remaining();
    if (seconds !== undefined) endsAt = Date.now() + seconds * 1000;
    if (seconds === 0) return goToLogin();
    if (endsAt <= Date.now()) hide();
    else if (endsAt - Date.now() > WARNING) close();
    else warn();
    schedule();
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
    if (seconds === 0) goToLogin();
    else if (seconds > 0) {
      close();
      setRemaining(seconds);
      announce('可以继续使用了');
    }
  }

  /** The time is up and the server does not answer: personal data is hidden until it does. */
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

  function goToLogin() {
    main().hidden = true;
    location.replace(`/login?ended=${ended}&to=${encodeURIComponent(location.pathname + location.search)}`);
  }
}

function main() {
  return document.getElementById('main'); // may have been replaced since the page was loaded
}

/** Why the session has ended, for the login page; `1`: its time was up. */
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
    return undefined; // no network, or no JSON: retried soon
  }
}
