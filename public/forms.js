import { parsed, say, showMainOf } from './dom.js';

/** After so long a form may be sent again: whatever happened to the first time, what it asks for is done once. */
const PATIENCE = 30_000;

/** A form that posts is sent once, however often its button is pressed; the button says so until the next page is there. */
export function guardForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) return event.preventDefault();
    const release = hold(form, event.submitter);
    // an older webview does not say which of several buttons was pressed: the browser itself sends it
    if (form.dataset.inPlace === undefined || (!event.submitter && form.querySelector('button[name]'))) return;
    event.preventDefault();
    sendInPlace(form, event.submitter, release);
  });
}

function hold(form, pressed) {
  const button = pressed || form.querySelector('button:not([type=button])');
  const label = button?.innerHTML;
  form.dataset.sent = 'true';
  if (button) {
    button.setAttribute('aria-disabled', 'true');
    button.textContent = '正在提交…';
  }
  say('正在提交');
  const release = () => {
    clearTimeout(timer);
    delete form.dataset.sent;
    if (!button) return;
    button.removeAttribute('aria-disabled');
    button.innerHTML = label;
  };
  const timer = setTimeout(release, PATIENCE);
  return release;
}

/**
 * A form with passwords is sent without a step in the browser's history, so that back never leads to it. Its success is a redirect,
 * which a script cannot read: after a login the same address is asked for again (without `#…`, or it would only be scrolled), and leads on because there is a session now. With
 * `data-in-place="follow"` the script goes along to see where it leads, at the price of a page that is asked for twice.
 */
async function sendInPlace(form, pressed, release) {
  try {
    const body = new URLSearchParams(new FormData(form));
    if (pressed?.name) body.append(pressed.name, pressed.value);
    const answer = await fetch(form.action, {
      method: 'POST',
      body,
      redirect: form.dataset.inPlace === 'follow' ? 'follow' : 'manual',
      headers: { Accept: 'text/html' },
    });
    if (answer.type === 'opaqueredirect') return location.replace(location.pathname + location.search);
    if (answer.redirected) return location.replace(answer.url);
    const page = parsed(await answer.text());
    const outcome = page.getElementById('outcome');
    if (outcome) return location.replace(outcome.dataset.address); // what was typed may be recorded: it is looked up there
    if (answer.status >= 400 && !page.querySelector('#main form')) return refuse(form, release, wordsOf(page));
    if (showMainOf(page)) return focusOnTrouble();
  } catch {
    // not sent, or no answer: said below
  }
  refuse(form, release, navigator.onLine ? '没有连上服务器，请再试一次。' : '网络已断开，请检查网络后再试。');
}

/** What a page that only says an error says; its place is above the form, so that what was typed stays. */
function wordsOf(page) {
  const [title, message] = [page.querySelector('#main h1'), page.querySelector('#main p')].map((part) => (part ? part.textContent : ''));
  return title ? `${title}。${message}` : '系统暂时忙不过来，请稍后再试。';
}

function focusOnTrouble() {
  const trouble = document.querySelector('main [aria-invalid=true], main [role=alert]');
  if (!trouble) return;
  if (!trouble.matches('input')) trouble.tabIndex = -1;
  trouble.focus();
}

function refuse(form, release, sentence) {
  release();
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
