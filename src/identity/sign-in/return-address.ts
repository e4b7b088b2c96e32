import type { FastifyReply } from 'fastify';

const LONGEST = 500;
/** The page for a new password, to which 北京通 leads as well. */
const NEW_PASSWORD = '/login/reset';

/** The address to return to after login, if it is one of the centre's pages; undefined for any other (open redirect). */
export function returnAddress(asked: unknown): string | undefined {
  if (asked === NEW_PASSWORD) return NEW_PASSWORD;
  if (typeof asked !== 'string' || asked.length > LONGEST || !/^\/center(?:[/?]|$)/.test(asked)) return undefined;
  const { origin, pathname, search } = new URL(asked, 'http://centre.invalid');
  const isOurs = origin === 'http://centre.invalid' && /^\/center(?:\/|$)/.test(pathname) && !pathname.includes('//') && !pathname.includes('\\');
  return isOurs && pathname.length + search.length <= LONGEST ? pathname + search : undefined;
}

/** Redirects to the page that was asked for, or to the home page. */
export function redirectTo(reply: FastifyReply, to: string | undefined): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(to ?? '/center', 303);
}
