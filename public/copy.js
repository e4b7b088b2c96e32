import { announce } from './dom.js';

/** A button with `data-copy` copies that text. Web-views without a clipboard get `execCommand`; where that fails too, the text is selected. */
export function showCopyButtons() {
  for (const button of document.querySelectorAll('[data-copy][hidden]')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button));
  }
}

async function copy(button) {
  const text = button.dataset.copy;
  const label = button.lastChild;
  const copied = (await copyByClipboard(text)) || copyByCommand(text);
  if (!copied) select(button);
  label.textContent = copied ? '已复制' : '请长按复制';
  announce(copied ? `已复制 ${text}` : '没有复制成功，请长按地址复制');
  setTimeout(() => {
    label.textContent = '复制';
  }, 3000);
}

async function copyByClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no clipboard, or access was refused: execCommand follows
  }
}

function copyByCommand(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr';
  field.readOnly = true;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}

function select(button) {
  const written = button.parentElement.querySelector('code');
  if (written) getSelection().selectAllChildren(written);
}
