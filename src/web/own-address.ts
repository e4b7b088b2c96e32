import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.js';

/** The centre's address as this candidate sees it, without a slash at its end. */
export function ownAddress({ settings }: Config, request: Pick<FastifyRequest, 'protocol' | 'host'>): string {
  return settings.PUBLIC_URL?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`;
}
