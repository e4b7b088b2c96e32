import { ForbiddenException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '../../settings/settings.js';

const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses requests that change something and do not come from a page of ours (CSRF). Nest checks `Sec-Fetch-Site` and `Origin`; a browser
 * that sends neither must name our page in `Referer`.
 */
export function refuseCrossSitePosts(fastify: FastifyInstance, { PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): void {
  const own = PUBLIC_URL === undefined ? undefined : new URL(PUBLIC_URL).host;
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(isCrossSite(request, own) ? new ForbiddenException('no page of ours is named') : undefined);
  });
}

function isCrossSite({ method, headers, host, routeOptions }: FastifyRequest, own: string | undefined): boolean {
  if (SAFE.includes(method) || routeOptions.config.allowCrossSite || headers['sec-fetch-site'] || headers.origin) return false;
  const referer = URL.parse(headers.referer ?? '')?.host;
  return referer === undefined || referer === '' || (referer !== own && referer !== host.toLowerCase());
}
