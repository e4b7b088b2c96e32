import type { FastifyRequest } from 'fastify';

/** Query parameter of requests that a page makes by itself; public/requests.js writes it too. */
const MARK = 'automatic';

/**
 * The address for a page's own polling: such a request is no activity of the reader and does not renew the session. The mark is in
 * the address because a browser cannot send a header without JavaScript.
 * @param address path and query
 */
export function pollingAddress(address: string): string {
  const { pathname, search } = marked(address, (query) => query.set(MARK, '1'));
  return pathname + search;
}

/** The address without the mark. */
export function withoutPollingMark(address: string): string {
  const { pathname, search } = marked(address, (query) => query.delete(MARK));
  return pathname + search;
}

/** Whether a page made the request by itself. Only its reader sends a form. */
export function isPolling({ method, query }: Pick<FastifyRequest, 'method' | 'query'>): boolean {
  return method === 'GET' && Object.hasOwn(query as object, MARK);
}

function marked(address: string, change: (query: URLSearchParams) => void): URL {
  const url = new URL(address, 'http://centre.invalid');
  change(url.searchParams);
  return url;
}
