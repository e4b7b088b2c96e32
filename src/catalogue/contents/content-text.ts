import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../web/views/view-files.js';
import type { ContentKey } from '../catalogue.events.js';
import type { Catalogue } from '../catalogue.js';

const defaults = new Map<ContentKey, string>();

/** The Markdown of an editable content: the published version in effect, or the default in `views/contents/`. */
export function contentText(catalogue: Catalogue, key: ContentKey, now: Date): string {
  return catalogue.content(key, now) ?? defaultContent(key);
}

function defaultContent(key: ContentKey): string {
  const text = defaults.get(key) ?? readFileSync(join(projectRoot, `views/contents/${key}.md`), 'utf8');
  defaults.set(key, text);
  return text;
}
