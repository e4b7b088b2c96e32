import { BadRequestException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../settings/settings.js';

/** The centre's base URL as this client sees it, without a trailing slash. @throws BadRequestException when neither PUBLIC_URL nor the request gives it */
export function baseUrl({ settings }: Config, { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>): string {
  const set = settings.PUBLIC_URL?.replace(/\/+$/, '');
  if (set === undefined && host === '') throw new BadRequestException('the request names no host');
  return set ?? `${protocol}://${host}`;
}
