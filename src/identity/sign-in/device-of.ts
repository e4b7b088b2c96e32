import type { FastifyRequest } from 'fastify';
import type { Device } from '../identity.events.js';
import { plainAddress } from '../throttling/network.js';

const LONGEST_USER_AGENT = 300;

/** From where a request comes, as far as it says. */
export function deviceOf({ ip, headers }: FastifyRequest): Device {
  return { address: plainAddress(ip), userAgent: (headers['user-agent'] ?? '').slice(0, LONGEST_USER_AGENT) };
}
