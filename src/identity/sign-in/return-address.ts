import type { FastifyReply } from 'fastify';

const LONGEST = 500;
/** Where a new password is set, after 北京通 as well. */
const NEW_PASSWORD = '/login/reset';

/**
 * The address asked for before login, if it is one of the centre's pages; undefined for any other, so that no link of a
 * stranger can lead from our login page to theirs.
 */
export function returnAddress(asked: unknown): string | undefined {
  if (asked === NEW_PASSWORD) return NEW_PASSWORD;
  if (typeof asked !== 'string' || asked.length > LONGEST || !/^\/center(?:[/?]|$)/.test(asked)) return undefined;
  const { origin, pathname, search } = new URL(asked, 'http://centre.invalid');
  const isOurs = origin === 'http://centre.invalid' && /^\/center(?:\/|$)/.test(pathname) && !pathname.includes('//') && !pathname.includes('\\');
  return isOurs && pathname.length + search.length <= LONGEST ? pathname + search : undefined;
}

/** To the page that was asked for, or home. */
export function leadOn(reply: FastifyReply, to: string | undefined): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(to ?? '/center', 303);
}
