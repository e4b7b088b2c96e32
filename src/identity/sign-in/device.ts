import type { FastifyRequest } from 'fastify';
import type { Device } from '../identity.events.js';
import { plainAddress } from '../throttling/network.js';

const LONGEST_USER_AGENT = 300;

/** The device of a request, by its address and its user agent. */
export function deviceOf({ ip, headers }: FastifyRequest): Device {
  return { address: plainAddress(ip), userAgent: (headers['user-agent'] ?? '').slice(0, LONGEST_USER_AGENT) };
}
