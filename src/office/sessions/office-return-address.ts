import type { FastifyReply, FastifyRequest } from 'fastify';
import { isPolling, withoutPollingMark } from '../../web/requests/polling.js';

const LONGEST = 500;

/** The page of the office to return to; undefined for any other address (open redirect), and for the ways in. */
export function officeReturnAddress(asked: unknown): string | undefined {
  if (typeof asked !== 'string' || asked.length > LONGEST || !/^\/office(?:[/?]|$)/.test(asked)) return undefined;
  const { origin, pathname, search } = new URL(asked, 'http://office.invalid');
  const isOurs = origin === 'http://office.invalid' && /^\/office(?:\/(?!log|factor)|$)/.test(pathname) && !pathname.includes('//') && !pathname.includes('\\');
  return isOurs && pathname.length + search.length <= LONGEST ? pathname + search : undefined;
}

/** The address of a way in with the page to return to; only a GET can be repeated: a form is filled in again. */
export function officeAddress(path: string, request: FastifyRequest, query: Readonly<Record<string, string>> = {}): string {
  const url = isPolling(request) ? withoutPollingMark(request.url) : request.url;
  const to = officeReturnAddress(request.method === 'GET' ? url : url.split('?')[0]);
  const all = new URLSearchParams({ ...(to && to !== '/office' && { to }), ...query });
  return all.size > 0 ? `${path}?${all}` : path;
}

export function redirectWithin(reply: FastifyReply, to: unknown): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(officeReturnAddress(to) ?? '/office', 303);
}
