import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A DNS name or an IP address, with or without a port (RFC 9110, 7.2). */
const HOST = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;
const PROTOCOLS: readonly string[] = ['http', 'https'];

/**
 * Refuses, before any page sees it, a host that is malformed or given twice, because addresses are made from it (400), and an encoded body,
 * because no form of the centre sends one (415).
 */
export function refuseMalformed(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(fault(request));
  });
}

function fault(request: FastifyRequest): Error | undefined {
  if (!hasOneHost(request)) return new BadRequestException('the host is none');
  if (!PROTOCOLS.includes(request.protocol)) return new BadRequestException('the protocol is none');
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding.toLowerCase() !== 'identity') return new UnsupportedMediaTypeException('the body is encoded');
  return undefined;
}

/** HTTP/1.0 needs no host, and health checks use it. */
function hasOneHost({ host, headers, raw }: FastifyRequest): boolean {
  const given = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  return given <= 1 && isHost(host) && isHost(headers.host ?? '');
}

function isHost(text: string): boolean {
  return text === '' || HOST.test(text);
}
