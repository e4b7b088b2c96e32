import type { Projection } from '../../read-models/projection.js';
import { routeConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The read models that the route's page is made of; by default none. */
    readModels?: readonly Projection[];
  }
  interface FastifyRequest {
    /** Whether one of the page's read models lags: what is missing on the page may be recorded. */
    updating?: boolean;
  }
}

/** The read models that a page is made of: after its reader's command the page waits for these only (read your own writes). */
export function UsesReadModels(...readModels: readonly Projection[]): MethodDecorator {
  return routeConfig({ readModels: readModels });
}
