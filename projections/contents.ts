import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/**
 * The versions of an editable content: Markdown by the instant from which it holds, until the next one. What is published
 * last holds from its instant on; a version that had not begun when it was published never will.
 */
export interface Content {
  readonly [effectiveFrom: string]: string;
}

export const contents = projection<Content, CatalogueEvent>({
  name: 'contents',
  version: 1,
  key: ({ data }) => ('key' in data ? data.key : undefined),
  empty: {},
  on: {
    ContentPublished: (doc, { data: { effectiveFrom, body }, recordedAt }) => ({ ...before(before(doc, effectiveFrom), recordedAt), [effectiveFrom]: body }),
  },
});

function before(doc: Content, instant: string): Content {
  return Object.fromEntries(Object.entries(doc).filter(([effectiveFrom]) => Date.parse(effectiveFrom) < Date.parse(instant)));
}
