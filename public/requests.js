import { announce, element, parseHtml, replaceMain } from './dom.js';

/** For requests of htmx: marks the target as busy, goes to the login page when the session has ended, and shows failures at the target. */
export function watchRequests() {
  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => ctx.target.setAttribute('aria-busy', 'true'));
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => ctx.target.removeAttribute('aria-busy'));
  document.addEventListener('htmx:before:response', (event) => {
    const { raw } = event.detail.ctx.response;
    if (!raw.redirected) return;
    event.preventDefault();
    location.replace(raw.url);
  });
  document.addEventListener('htmx:before:swap', (event) => {
    const { ctx } = event.detail;
    if (!ctx.response || ctx.response.status < 400 || ctx.response.status === 422) return clearFailure(ctx.target);
    event.preventDefault();
    showFailure(ctx, ctx.response.status === 429 ? '操作太频繁，请稍等片刻再试。' : '系统暂时忙不过来，没有取到内容。');
  });
  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (ctx) showFailure(ctx, navigator.onLine ? '没有连上服务器，没有取到内容。' : '网络已断开，没有取到内容。');
  });
  // While an input method composes a Chinese word, its letters must not be searched for.
  document.addEventListener('input', (event) => event.isComposing && event.stopPropagation(), true);
  document.addEventListener('compositionend', ({ target }) => target.dispatchEvent(new Event('input', { bubbles: true })));
  document.addEventListener('htmx:after:swap', schedulePoll);
  schedulePoll();
}

/** Shows the failure above the target and keeps the target's content, which was true a moment ago. */
function showFailure({ target, request, sourceElement }, sentence) {
  clearFailure(target);
  const retry = element('button', { class: 'btn plain', type: 'button' }, '重试');
  retry.addEventListener('click', () =>
    window.htmx.ajax('GET', request.action, { source: sourceElement.isConnected ? sourceElement : target, target, replace: 'true' }),
  );
  target.before(element('div', { class: 'alert bad failed', 'data-failure': '' }, element('p', { role: 'alert' }, sentence), retry));
}

function clearFailure(target) {
  const before = target.previousElementSibling;
  if (before?.matches('[data-failure]')) before.remove();
}

let pollTimer;

/** Fetches a page that waits for something again after the seconds that it gives, with growing delays after failures, and only while it is visible. */
function schedulePoll() {
  clearTimeout(pollTimer);
  const seconds = Number(document.getElementById('main').dataset.askAgain);
  if (seconds > 0) pollTimer = setTimeout(poll, seconds * 1000, seconds);
}

async function poll(seconds) {
  if (document.hidden) return document.addEventListener('visibilitychange', () => poll(seconds), { once: true });
  try {
    const answer = await fetch(automaticAddress(), { headers: { Accept: 'text/html' } });
    if (answer.redirected) return location.replace(answer.url);
    if (answer.ok && replaceMain(parseHtml(await answer.text()))) return announce('内容已更新');
  } catch {
    // no answer: the banner shows when there is no network
  }
  pollTimer = setTimeout(poll, seconds * 2000, seconds * 2);
}

/** This page's address with the parameter for automatic requests, which do not renew the session. */
function automaticAddress() {
  const address = new URL(location.href);
  address.searchParams.set('automatic', '1');
  return address.href;
}
