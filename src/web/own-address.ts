import { BadRequestException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../settings/settings.js';

/** The centre's address as this candidate sees it, without a slash at its end. @throws BadRequestException when neither setting nor request says it */
export function ownAddress({ settings }: Config, { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>): string {
  const set = settings.PUBLIC_URL?.replace(/\/+$/, '');
  if (set === undefined && host === '') throw new BadRequestException('no host is said');
  return set ?? `${protocol}://${host}`;
}
