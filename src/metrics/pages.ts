import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../kernel/metrics.js';

/** Upper bounds in seconds. Most pages take milliseconds; one that waits to read its own write takes up to one second more. */
const BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Times every request by the pattern of its route, because addresses contain ids. */
export function timePages(metrics: Metrics, fastify: FastifyInstance): void {
  const help = 'Time to answer a request; route: its pattern, or none';
  const durations = metrics.histogram('request_duration_seconds', help, ['route', 'method', 'status'], BUCKETS);
  fastify.addHook('onResponse', ({ routeOptions, method }, { statusCode, elapsedTime }, done) => {
    durations.observe({ route: routeOptions.url ?? 'none', method, status: `${Math.floor(statusCode / 100)}xx` }, elapsedTime / 1000);
    done();
  });
}
