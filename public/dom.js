/** Announces a sentence to screen readers. */
export function announce(sentence) {
  const region = document.getElementById('said');
  if (region) region.textContent = sentence;
}

/** An element with attributes and children; a child that is a string is text. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Parses another page's HTML. */
export function parseHtml(html) {
  return new DOMParser().parseFromString(html, 'text/html');
}

/** Replaces this page's main part and title by another page's. Returns false when that has no main part. */
export function replaceMain(page) {
  const main = page.getElementById('main');
  if (!main) return false;
  document.getElementById('main').replaceWith(document.adoptNode(main));
  document.title = page.title;
  if (window.htmx) window.htmx.process(main);
  document.dispatchEvent(new CustomEvent('htmx:after:swap'));
  return true;
}
