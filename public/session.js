import { say } from './dom.js';

/** So long before a session ends for want of use its reader is asked. */
const WARNING = 120_000;

const address = '/center/session';

let endsAt;
let timer;

/** Two minutes before the end asks 继续使用; other tabs count, so the server is asked first. At the end leads to the login page and back here. */
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
  expect(Number(secondsLeft));

  function expect(seconds) {
    endsAt = Date.now() + seconds * 1000;
    wait();
  }

  function wait() {
    clearTimeout(timer);
    const left = endsAt - Date.now();
    const until = dialog.open ? Math.min(left, 10_000) : left - WARNING;
    timer = setTimeout(tick, Math.min(Math.max(until, 500), 2 ** 30));
  }

  async function tick() {
    const left = endsAt - Date.now();
    if (left > WARNING) return wait();
    const seconds = await remaining();
    if (seconds !== undefined) endsAt = Date.now() + seconds * 1000;
    if (endsAt <= Date.now()) return leave(seconds === undefined);
    if (endsAt - Date.now() > WARNING) close();
    else warn();
    wait();
  }

  function warn() {
    const seconds = Math.ceil((endsAt - Date.now()) / 1000);
    dialog.querySelector('[data-left]').textContent = seconds > 60 ? `${Math.ceil(seconds / 60)} 分钟` : `${seconds} 秒`;
    if (dialog.open) return;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute('open', '');
  }

  function close() {
    if (!dialog.open && !dialog.hasAttribute('open')) return;
    if (dialog.close) dialog.close();
    else dialog.removeAttribute('open');
  }

  async function renew() {
    const failed = dialog.querySelector('[data-failed]');
    const seconds = await remaining('POST');
    failed.hidden = seconds !== undefined;
    if (seconds === undefined) failed.textContent = navigator.onLine ? '没有连上服务器，请再试一次。' : '网络已断开，请检查网络后再试。';
    else if (seconds <= 0) leave(false);
    else {
      close();
      expect(seconds);
      say('可以继续使用了');
    }
  }

  /** What was on the page is the candidate's alone: it goes at once, the login page comes when there is a network. */
  function leave(unreachable) {
    const login = `/login?ended=1&to=${encodeURIComponent(location.pathname + location.search)}`;
    close();
    document.getElementById('main').hidden = true;
    if (unreachable && !navigator.onLine) window.addEventListener('online', () => location.replace(login), { once: true });
    else location.replace(login);
  }
}

/** Seconds that the session has left, 0 when it is over, undefined when the server cannot be reached. */
async function remaining(method = 'GET') {
  try {
    const answer = await fetch(address, { method, redirect: 'manual', headers: { Accept: 'application/json' } });
    if (answer.ok) return (await answer.json()).secondsLeft;
    return answer.status >= 500 || answer.status === 429 ? undefined : 0;
  } catch {
    return undefined; // no network, or no JSON: asked again soon
  }
}
