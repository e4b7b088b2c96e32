import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/** The versions of an editable content: Markdown by the instant from which it holds. */
export interface Content {
  readonly [effectiveFrom: string]: string;
}

export const contents = projection<Content, CatalogueEvent>({
  name: 'contents',
  version: 1,
  key: ({ data }) => ('key' in data ? data.key : undefined),
  empty: {},
  on: {
    ContentPublished: (doc, { data: { effectiveFrom, body } }) => ({ ...doc, [effectiveFrom]: body }),
  },
});
