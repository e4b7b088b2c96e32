import { announce, parseHtml, replaceMain } from './dom.js';

/** Milliseconds after which a form can be sent again. The server recognises a repeat by the command's id. */
const RESEND_AFTER = 30_000;

/** Sends a posted form once, however often its button is pressed; the button says 正在提交 until the next page is shown. */
export function guardForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) return event.preventDefault();
    const unlock = lock(form, event.submitter);
    // an older web-view does not tell which of several buttons was pressed: then the browser sends the form
    if (form.dataset.inPlace === undefined || (!event.submitter && form.querySelector('button[name]'))) return;
    event.preventDefault();
    sendInPlace(form, event.submitter, unlock);
  });
}

function lock(form, submitter) {
  const button = submitter || form.querySelector('button:not([type=button])');
  const label = button?.innerHTML;
  form.dataset.sent = 'true';
  if (button) {
    button.setAttribute('aria-disabled', 'true');
    button.textContent = '正在提交…';
  }
  announce('正在提交');
  const unlock = () => {
    clearTimeout(timer);
    delete form.dataset.sent;
    if (!button) return;
    button.removeAttribute('aria-disabled');
    button.innerHTML = label;
  };
  const timer = setTimeout(unlock, RESEND_AFTER);
  return unlock;
}

/**
 * Sends a form with passwords without an entry in the browser's history, so that going back never leads to it. A script cannot read
 * where a redirect leads: after a login the current address is requested again (without `#…`, which would only scroll) and redirects,
 * because there is a session now. With `data-in-place="follow"` the redirect is followed instead, which requests its page twice.
 */
async function sendInPlace(form, submitter, unlock) {
  try {
    const body = new URLSearchParams(new FormData(form));
    if (submitter?.name) body.append(submitter.name, submitter.value);
    const answer = await fetch(form.action, {
      method: 'POST',
      body,
      redirect: form.dataset.inPlace === 'follow' ? 'follow' : 'manual',
      headers: { Accept: 'text/html' },
    });
    if (answer.type === 'opaqueredirect') return location.replace(location.pathname + location.search);
    if (answer.redirected) return location.replace(answer.url);
    const page = parseHtml(await answer.text());
    const outcome = page.getElementById('outcome');
    if (outcome) return location.replace(outcome.dataset.address); // the form may have been recorded: that page looks it up
    if (answer.status >= 400 && !page.querySelector('#main form')) return showError(form, unlock, messageOf(page));
    if (replaceMain(page)) return focusOnError();
  } catch {
    // not sent, or no answer: the error is shown below
  }
  showError(form, unlock, navigator.onLine ? '没有连上服务器，请再试一次。' : '网络已断开，请检查网络后再试。');
}

/** The text of an error page, to be shown above the form, which keeps what was typed. */
function messageOf(page) {
  const [title, message] = [page.querySelector('#main h1'), page.querySelector('#main p')].map((part) => (part ? part.textContent : ''));
  return title ? `${title}。${message}` : '系统暂时忙不过来，请稍后再试。';
}

function focusOnError() {
  const error = document.querySelector('main [aria-invalid=true], main [role=alert]');
  if (!error) return;
  if (!error.matches('input')) error.tabIndex = -1;
  error.focus();
}

function showError(form, unlock, sentence) {
  unlock();
  let alert = form.querySelector('[role=alert]');
  if (!alert) {
    alert = document.createElement('p');
    alert.className = 'alert bad';
    alert.setAttribute('role', 'alert');
    form.prepend(alert);
  }
  alert.textContent = sentence;
}

/** A button with `data-show` shows what is typed into the password field of that id. */
export function showPasswordButtons() {
  for (const button of document.querySelectorAll('[data-show][hidden]')) {
    const field = document.getElementById(button.dataset.show);
    button.hidden = false;
    button.addEventListener('click', () => {
      const shown = field.type === 'password';
      field.type = shown ? 'text' : 'password';
      button.textContent = shown ? '隐藏' : '显示';
      button.setAttribute('aria-pressed', String(shown));
    });
  }
}
