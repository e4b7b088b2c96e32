import autocannon, { type Request } from 'autocannon';

/** As many requests as a server takes, over some connections, one after another of those given. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly requests: readonly Request[];
}

export interface Loaded {
  readonly perSecond: number;
  readonly total: number;
  /** Not answered, or with another status than 2xx. */
  readonly failed: number;
}

process.once('message', async (load) => {
  const { url, connections, seconds, requests } = load as Load;
  const { errors, non2xx, duration, requests: done } = await autocannon({ url, connections, duration: seconds, requests });
  process.send?.({ perSecond: done.total / duration, total: done.total, failed: errors + non2xx } satisfies Loaded);
});
