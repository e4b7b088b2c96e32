import { element, parsed, say, showMainOf } from './dom.js';

/** What htmx fetches: shown as under way, led on where the session has ended, and when it fails said in its place. */
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
    if (!ctx.response || ctx.response.status < 400 || ctx.response.status === 422) return forgetFailure(ctx.target);
    event.preventDefault();
    fail(ctx, ctx.response.status === 429 ? '操作太频繁，请稍等片刻再试。' : '系统暂时忙不过来，没有取到内容。');
  });
  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (ctx) fail(ctx, navigator.onLine ? '没有连上服务器，没有取到内容。' : '网络已断开，没有取到内容。');
  });
  // While a Chinese word is being put together, its letters are not yet what is searched for.
  document.addEventListener('input', (event) => event.isComposing && event.stopPropagation(), true);
  document.addEventListener('compositionend', ({ target }) => target.dispatchEvent(new Event('input', { bubbles: true })));
  document.addEventListener('htmx:after:swap', askAgain);
  askAgain();
}

/** What is on the page stays: it was true a moment ago, and a failure takes nothing away. */
function fail({ target, request, sourceElement }, sentence) {
  forgetFailure(target);
  const retry = element('button', { class: 'btn plain', type: 'button' }, '重试');
  retry.addEventListener('click', () =>
    window.htmx.ajax('GET', request.action, { source: sourceElement.isConnected ? sourceElement : target, target, replace: 'true' }),
  );
  target.before(element('div', { class: 'alert bad failed', 'data-failure': '' }, element('p', { role: 'alert' }, sentence), retry));
}

function forgetFailure(target) {
  const before = target.previousElementSibling;
  if (before?.matches('[data-failure]')) before.remove();
}

let asking;

/** A page with something still to come is fetched again after as many seconds as it says, later each time that fails; never while nobody looks. */
function askAgain() {
  clearTimeout(asking);
  const seconds = Number(document.getElementById('main').dataset.askAgain);
  if (seconds > 0) asking = setTimeout(ask, seconds * 1000, seconds);
}

async function ask(seconds) {
  if (document.hidden) return document.addEventListener('visibilitychange', () => ask(seconds), { once: true });
  try {
    const answer = await fetch(automatic(), { headers: { Accept: 'text/html' } });
    if (answer.redirected) return location.replace(answer.url);
    if (answer.ok && showMainOf(parsed(await answer.text()))) return say('内容已更新');
  } catch {
    // no answer this time: the banner says so when there is no network
  }
  asking = setTimeout(ask, seconds * 2000, seconds * 2);
}

/** This page's address with the mark of what no reader asked for: it does not renew the session. */
function automatic() {
  const address = new URL(location.href);
  address.searchParams.set('automatic', '1');
  return address.href;
}
