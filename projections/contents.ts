import type { CatalogueEvent } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/**
 * The versions of an editable content: Markdown by the instant from which it is in effect, until the next one. The version published
 * last is in effect from its instant on; one that had not begun by then never takes effect.
 */
export interface Content {
  readonly [effectiveFrom: string]: string;
}

/** One version while events are folded; the list is sorted by time. */
type Version = readonly [effectiveFrom: string, body: string];

export const contents = projection<Content, CatalogueEvent, Version[]>({
  name: 'contents',
  version: 1,
  earlierFingerprints: ['7fb49c63ae4c3e4b'],
  key: ({ data }) => ('key' in data ? data.key : undefined),
  empty: {},
  instants: [],
  money: [],
  maps: { '': { list: 'versions', keys: ['effectiveFrom'], value: 'body', instantKeys: true } },
  state: { open: (document) => Object.entries(document), close: (versions) => Object.fromEntries(versions) },
  on: {
    ContentPublished: (versions, { data: { effectiveFrom, body }, recordedAt }) => {
      dropFrom(versions, effectiveFrom);
      dropFrom(versions, recordedAt);
      versions.push([effectiveFrom, body]);
      return versions;
    },
  },
});

/** Removes the versions that take effect at an instant or later. */
function dropFrom(versions: Version[], instant: string): void {
  for (let last = versions.at(-1); last && !(Date.parse(last[0]) < Date.parse(instant)); last = versions.at(-1)) versions.pop();
}
