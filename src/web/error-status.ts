import { HttpException } from '@nestjs/common';
import { Refusal } from '../event-store/refusal.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/**
 * The status of an answer to a request that has failed. What a client has sent wrong is said by whoever noticed it, Nest, Fastify, a
 * plugin or a parser of bodies, in a status of its own from 400 to 499, whatever the error is called; all else is a fault of the centre.
 */
export function errorStatus(error: unknown): number {
  if (error instanceof Refusal) return 422;
  if (error instanceof StoreUnavailable) return 503;
  if (error instanceof HttpException) return error.getStatus();
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return isClientError(status) ? status : 500;
}

function isClientError(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) < 500;
}
