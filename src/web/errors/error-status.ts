import { HttpException } from '@nestjs/common';
import { Refusal } from '../../event-store/refusal.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';

/**
 * The status of the answer to a request that has failed. Nest, Fastify, its plugins and parsers give an error about the client's request
 * a status from 400 to 499, whatever its class; any other error is a fault of the centre.
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
