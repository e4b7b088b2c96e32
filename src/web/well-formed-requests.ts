import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A name, or an address of IPv4 or IPv6, and perhaps a port: RFC 9110, 7.2, as far as DNS has names. */
const HOST = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;
const PROTOCOLS: readonly string[] = ['http', 'https'];

/**
 * Refuses what no page could make sense of, before any page sees it: a host that is none or is said twice, of which addresses
 * would be made (400), and a body that is encoded (415; no form of the centre is sent so).
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

/** HTTP/1.0 needs none, and health checks are asked so. */
function hasOneHost({ host, headers, raw }: FastifyRequest): boolean {
  const given = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  return given <= 1 && isHost(host) && isHost(headers.host ?? '');
}

function isHost(text: string): boolean {
  return text === '' || HOST.test(text);
}
