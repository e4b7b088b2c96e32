/** Says a sentence to those who listen to the page. */
export function say(sentence) {
  const said = document.getElementById('said');
  if (said) said.textContent = sentence;
}

/** An element with attributes and children; a child that is a string is text. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Another page's HTML as a document. */
export function parsed(html) {
  return new DOMParser().parseFromString(html, 'text/html');
}

/** The main part of another page in place of this one's; its title too. Answers false when the page has none. */
export function showMainOf(page) {
  const main = page.getElementById('main');
  if (!main) return false;
  document.getElementById('main').replaceWith(document.adoptNode(main));
  document.title = page.title;
  if (window.htmx) window.htmx.process(main);
  document.dispatchEvent(new CustomEvent('htmx:after:swap'));
  return true;
}
