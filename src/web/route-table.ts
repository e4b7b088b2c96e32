import type { FastifyInstance, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route beside Nest's, which no guard stands before: why anyone may ask for it. */
    public?: string;
    /** It may be posted to from pages of other sites, or from none: what comes is signed, or changes nothing. */
    fromOutside?: boolean;
  }
  interface FastifyInstance {
    readonly routeTable: RouteTable;
  }
}

/** A route as the server answers it. */
interface Route {
  readonly method: string;
  readonly url: string;
  /** Undefined for a route of Nest's, which the session's guard stands before. */
  readonly beside?: { readonly public: string | undefined };
  /** By name, the read models that its page is made of. */
  readonly shows: readonly string[];
  /** That its reader is told what was asked for where its outcome is not known. */
  readonly asks: boolean;
}

/** All routes of the server. One that is not Nest's has no guard: it must be marked, or the server does not start. */
export class RouteTable {
  private readonly own: RouteOptions[] = [];
  private readonly ofNest: RouteOptions[] = [];
  private isNestsTurn = false;

  private constructor() {}

  /** To be asked for before the first route. */
  static of(fastify: FastifyInstance): RouteTable {
    const table = new RouteTable();
    fastify.decorate('routeTable', table);
    fastify.addHook('onRoute', (route) => {
      (table.isNestsTurn ? table.ofNest : table.own).push(route);
    });
    fastify.addHook('onReady', (done) => {
      const unmarked = table.own.filter(({ config }) => !config?.public);
      done(unmarked.length > 0 ? new Error(`no guard stands before ${unmarked.map(({ url }) => url).join(', ')}, and it is not marked as public`) : undefined);
    });
    return table;
  }

  /** All routes that come from now on are Nest's. */
  leaveToNest(): void {
    this.isNestsTurn = true;
  }

  all(): readonly Route[] {
    return [
      ...this.own.flatMap(({ method, url, config }) =>
        [method].flat().map((each) => ({ method: each, url, shows: [], asks: false, beside: { public: config?.public } })),
      ),
      ...this.ofNest.flatMap(({ method, url, config }) =>
        [method].flat().map((each) => ({ method: each, url, shows: (config?.shows ?? []).map(({ name }) => name), asks: config?.asks !== undefined })),
      ),
    ];
  }
}

/** Marks all routes that `register` brings as public. */
export async function publicRoutes(fastify: FastifyInstance, why: string, register: (scope: FastifyInstance) => unknown): Promise<void> {
  await registerScope(fastify, why, async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: why };
    });
    await register(scope);
  });
}

/** Registers routes with hooks and parsers of their own. By its name Fastify lists the scope; without one it searches all loaded modules for it. */
export async function registerScope(fastify: FastifyInstance, name: string, routes: (scope: FastifyInstance) => Promise<void>): Promise<void> {
  await fastify.register(Object.assign(routes, { [Symbol.for('fastify.display-name')]: name }));
}
