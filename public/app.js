import { showCopyButtons } from './copy.js';
import { guardForms, showPasswordButtons } from './forms.js';
import { watchRequests } from './requests.js';
import { watchSession } from './session.js';

// Every page works without this file: what it adds is told by the part that adds it. Nothing is kept in the browser.

watchRequests();
watchSession();
guardForms();
showControls();
document.addEventListener('htmx:after:swap', showControls);

/** Buttons that need scripts are hidden in the page and appear here. */
function showControls() {
  showCopyButtons();
  showPasswordButtons();
}

// WeChat on iOS brings pages back from memory whatever their headers say: what they show may be of another session.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});

const offline = document.getElementById('offline');
function showOffline() {
  if (offline) offline.hidden = navigator.onLine;
}
window.addEventListener('online', showOffline);
window.addEventListener('offline', showOffline);
showOffline();

// The keyboard needs the room that the tab bar takes.
document.addEventListener('focusin', ({ target }) => document.body.classList.toggle('typing', isTyped(target)));
document.addEventListener('focusout', () => document.body.classList.remove('typing'));
function isTyped(element) {
  return element.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])');
}
