import { showCopyButtons } from './copy.js';
import { guardForms, showPasswordButtons } from './forms.js';
import { watchRequests } from './requests.js';
import { watchSession } from './session.js';

// Every page works without these scripts. Nothing is stored in the browser.

watchRequests();
watchSession();
guardForms();
showControls();
document.addEventListener('htmx:after:swap', showControls);

/** Shows the buttons that need scripts; the page hides them. */
function showControls() {
  showCopyButtons();
  showPasswordButtons();
}

// WeChat on iOS restores pages from memory whatever their headers say; they may be of another session.
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

// While the keyboard is open, the tab bar takes too much room.
document.addEventListener('focusin', ({ target }) => document.body.classList.toggle('typing', isTyped(target)));
document.addEventListener('focusout', () => document.body.classList.remove('typing'));
function isTyped(element) {
  return element.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])');
}
