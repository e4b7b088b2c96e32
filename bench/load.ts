import autocannon, { type Request } from 'autocannon';

/** As many requests as a server can answer on some connections, in the given order. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly requests: readonly Request[];
}

export interface LoadResult {
  readonly perSecond: number;
  readonly total: number;
  /** Requests without an answer, or with a status other than 2xx. */
  readonly failed: number;
}

process.once('message', async (load) => {
  const { url, connections, seconds, requests } = load as Load;
  const { errors, non2xx, duration, requests: done } = await autocannon({ url, connections, duration: seconds, requests });
  process.send?.({ perSecond: done.total / duration, total: done.total, failed: errors + non2xx } satisfies LoadResult);
});
