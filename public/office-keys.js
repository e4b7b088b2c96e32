/** Keys of the office: `/` goes to the search box. A key does nothing while somebody types, and its hint is shown where it works. */
const box = document.querySelector('.find input');

if (box) {
  box.parentElement.querySelector('kbd').hidden = false;
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

function isTyping(target) {
  return target.closest('input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, [contenteditable]') !== null;
}
