import type { Projection } from '../read-models/projection.js';
import { routeConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The read models that the route's page is made of; none where nothing is said. */
    shows?: readonly Projection[];
  }
  interface FastifyRequest {
    /** Something that the page shows is behind the log: what it lacks may be there. */
    updating?: boolean;
  }
}

/** The read models that a page is made of, of all that it may read: it waits for these after its reader's command, and for no others. */
export function Shows(...readModels: readonly Projection[]): MethodDecorator {
  return routeConfig({ shows: readModels });
}
