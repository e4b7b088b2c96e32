import type { FastifyInstance, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Why a route outside Nest, which has no session guard, is public. */
    public?: string;
    /** Whether other sites may post to it (no CSRF check): the requests are signed, or change nothing. */
    allowCrossSite?: boolean;
  }
  interface FastifyInstance {
    readonly routeTable: RouteTable;
  }
}

/** A route as the server answers it. */
interface Route {
  readonly method: string;
  readonly url: string;
  /** Set for a route outside Nest; Nest's routes have the session guard. */
  readonly beside?: { readonly public: string | undefined };
  /** Names of the read models that its page is made of. */
  readonly readModels: readonly string[];
  /** Whether it has texts for an unknown outcome, and so executes commands. */
  readonly describesOutcome: boolean;
}

/** All routes of the server. A route outside Nest has no session guard: it must be marked as public, or the server does not start. */
export class RouteTable {
  private readonly own: RouteOptions[] = [];
  private readonly ofNest: RouteOptions[] = [];
  private registersNest = false;

  private constructor() {}

  /** To be created before the first route is registered. */
  static of(fastify: FastifyInstance): RouteTable {
    const table = new RouteTable();
    fastify.decorate('routeTable', table);
    fastify.addHook('onRoute', (route) => {
      (table.registersNest ? table.ofNest : table.own).push(route);
    });
    fastify.addHook('onReady', (done) => {
      const unmarked = table.own.filter(({ config }) => !config?.public);
      done(unmarked.length > 0 ? new Error(`no guard stands before ${unmarked.map(({ url }) => url).join(', ')}, and it is not marked as public`) : undefined);
    });
    return table;
  }

  /** All routes registered from now on are Nest's. */
  expectNestRoutes(): void {
    this.registersNest = true;
  }

  all(): readonly Route[] {
    return [
      ...this.own.flatMap(({ method, url, config }) =>
        [method].flat().map((each) => ({ method: each, url, readModels: [], describesOutcome: false, beside: { public: config?.public } })),
      ),
      ...this.ofNest.flatMap(({ method, url, config }) =>
        [method].flat().map((each) => ({
          method: each,
          url,
          readModels: (config?.readModels ?? []).map(({ name }) => name),
          describesOutcome: config?.outcomeTexts !== undefined,
        })),
      ),
    ];
  }
}

/** Marks all routes that `register` adds as public. */
export async function publicRoutes(fastify: FastifyInstance, why: string, register: (scope: FastifyInstance) => unknown): Promise<void> {
  await registerScope(fastify, why, async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: why };
    });
    await register(scope);
  });
}

/** Registers routes with hooks and parsers of their own. Without a name for the scope, Fastify searches all loaded modules for one. */
export async function registerScope(fastify: FastifyInstance, name: string, routes: (scope: FastifyInstance) => Promise<void>): Promise<void> {
  await fastify.register(Object.assign(routes, { [Symbol.for('fastify.display-name')]: name }));
}
