import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../web/views/view-files.js';
import type { ContentKey } from '../catalogue.events.js';
import type { Catalogue } from '../catalogue.js';

const defaults = new Map<ContentKey, string>();

/** An editable content's Markdown: the newest that holds, else the one that comes with the centre. */
export function contentText(catalogue: Catalogue, key: ContentKey, now: Date): string {
  return catalogue.content(key, now) ?? defaultContent(key);
}

function defaultContent(key: ContentKey): string {
  const known = defaults.get(key) ?? readFileSync(join(projectRoot, `views/contents/${key}.md`), 'utf8');
  defaults.set(key, known);
  return known;
}
