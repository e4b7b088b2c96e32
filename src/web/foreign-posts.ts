import { ForbiddenException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '../settings/settings.js';

const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * What changes something must come from a page of ours. Nest looks at `Sec-Fetch-Site` and `Origin`; a browser that sends neither
 * must name our page in `Referer`, which each page of ours has it send to our own addresses.
 */
export function refuseForeignPosts(fastify: FastifyInstance, { PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): void {
  const own = PUBLIC_URL === undefined ? undefined : new URL(PUBLIC_URL).host;
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(isForeign(request, own) ? new ForbiddenException('no page of ours is named') : undefined);
  });
}

function isForeign({ method, headers, host, routeOptions }: FastifyRequest, own: string | undefined): boolean {
  if (SAFE.includes(method) || routeOptions.config.fromOutside || headers['sec-fetch-site'] || headers.origin) return false;
  const referer = URL.parse(headers.referer ?? '')?.host;
  return referer === undefined || referer === '' || (referer !== own && referer !== host.toLowerCase());
}
