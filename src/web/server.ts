import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import files from '@fastify/static';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { type Cause, causedBy } from '../event-store/cause.js';
import { EventStore } from '../event-store/event-store.js';
import { TimeBudget, withTimeBudget } from '../event-store/time-budget.js';
import { Clock } from '../kernel/clock.js';
import { log } from '../kernel/log.js';
import { ReadModelLag } from '../read-models/projecting/read-model-lag.js';
import type { Projection } from '../read-models/projection.js';
import { ReadModels } from '../read-models/read-models.js';
import { withRegistrySnapshot } from '../read-models/serving/registry-snapshot.js';
import { isServedOverHttps, type Settings } from '../settings/settings.js';
import { UnreadableRequests } from './errors/unreadable-requests.js';
import { waitForOwnWrites } from './read-your-writes.js';
import { refuseCrossSitePosts } from './requests/cross-site-posts.js';
import { refuseMalformed } from './requests/malformed-requests.js';
import { pollingAddress } from './requests/polling.js';
import { logRequests, requestIds } from './requests/request-log.js';
import { closeInTime, TIME_LIMITS, type TimeLimits } from './requests/time-limits.js';
import { serveRootFiles } from './routes/root-files.js';
import { publicRoutes, RouteTable } from './routes/route-table.js';
import { secondsUntil } from './routes/visitor.js';
import { assetsFolder } from './views/view-files.js';
import { type PageContext, Views } from './views/views.js';

/** No route has a JSON schema; otherwise Fastify would load its compilers, a fifth of its modules, for nothing. */
const NO_SCHEMAS = { buildValidator: refuseSchema, buildSerializer: refuseSchema };

/** Forms of the centre are small: a larger body is refused with 413. */
const LARGEST_BODY = 64 * 1024;

/** Seconds after which a page that does not show its reader's write yet polls. */
const ASK_AGAIN = 3;

/** In characters: a notice's id has up to 64, each of which may take 12 when percent-encoded. */
const LONGEST_PARAMETER = 768;

/** Routes that a module serves outside Nest, because their requests are not those of pages. */
export interface RawRoutes {
  /** Why they need no session. */
  readonly why: string;
  readonly register: (scope: FastifyInstance) => unknown;
}

/** What the server needs to know of the modules that it serves. */
export interface ServedModules {
  readonly rawRoutes: (app: INestApplicationContext) => readonly RawRoutes[];
  /** Origins to which a form of ours leads by way of a redirect. */
  readonly formTargets: (app: INestApplicationContext) => readonly string[];
  /** All of them: the cookie of a write is cleared once each has seen it. */
  readonly readModels: readonly Projection[];
}

/** Makes the web server of the application's modules; it does not listen yet. */
export async function createWebServer(
  application: DynamicModule,
  settings: Settings,
  served: ServedModules,
  limits: TimeLimits = TIME_LIMITS,
): Promise<NestFastifyApplication> {
  const unreadable = new UnreadableRequests();
  const adapter = new FastifyAdapter({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: () => log, // it adds the request's id by itself
    genReqId: requestIds(settings.TRUST_PROXY),
    trustProxy: settings.TRUST_PROXY > 0 && ((_address: string, hop: number) => hop < settings.TRUST_PROXY),
    frameworkErrors: unreadable.onBadAddress,
    clientErrorHandler: unreadable.onClientError,
    bodyLimit: LARGEST_BODY,
    http: { headersTimeout: limits.headers, requestTimeout: limits.request, connectionsCheckingInterval: limits.checking },
    requestTimeout: limits.request,
    forceCloseConnections: 'idle',
    skipMiddie: true,
    schemaController: { compilersFactory: NO_SCHEMAS },
    multipart: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LONGEST_PARAMETER },
  });
  const app = await NestFactory.create<NestFastifyApplication>(application, adapter, { logger: false, abortOnError: false });
  setSecurityHeaders(app, settings, served.formTargets(app));
  const fastify = adapter.getInstance<FastifyInstance>();
  const routes = RouteTable.of(fastify);
  limitWaiting(fastify, limits);
  logRequests(fastify);
  refuseMalformed(fastify);
  refuseCrossSitePosts(fastify, settings);
  // for each cookie, whoever sets it
  await fastify.register(cookie, { parseOptions: { secure: isServedOverHttps(settings) } });
  await fastify.register(compress, { encodings: ['gzip'], threshold: 1024, globalDecompression: false });
  await publicRoutes(fastify, 'styles, scripts and fonts of pages', (scope) =>
    scope.register(files, { root: assetsFolder, prefix: '/assets/', preCompressed: true, immutable: true, maxAge: '365d', decorateReply: false }),
  );
  if (settings.ROOT_FILES_DIR) await serveRootFiles(fastify, settings.ROOT_FILES_DIR);
  fastify.removeContentTypeParser('text/plain'); // no page of ours sends it
  for (const { why, register } of served.rawRoutes(app)) await publicRoutes(fastify, why, register);
  const views = app.get(Views);
  unreadable.useViews(views);
  fastify.addHook('onRequest', (_request, _reply, done) => withRegistrySnapshot(done));
  decorateReply(fastify, views, app.get(Clock));
  recordCause(fastify);
  closeInTime(fastify, limits);
  readAddresses(fastify);
  routes.expectNestRoutes();
  waitForOwnWrites(fastify, served.readModels, app.get(ReadModels), app.get(EventStore), app.get(ReadModelLag));
  return app;
}

function refuseSchema(): never {
  throw new Error('routes have no JSON schema: forms are read by zod');
}

/** @param formTargets origins to which a form of ours leads by way of a redirect */
function setSecurityHeaders(app: NestFastifyApplication, settings: Settings, formTargets: readonly string[]): void {
  const isFromOutside = ({ routeOptions }: FastifyRequest) => routeOptions.config.allowCrossSite === true;
  app.enableCsrfProtection({ exclude: isFromOutside, ...(settings.PUBLIC_URL && { trustedOrigins: [new URL(settings.PUBLIC_URL).origin] }) });
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: "'self'",
        imgSrc: ["'self'", 'data:'],
        objectSrc: "'none'",
        baseUri: "'none'",
        formAction: ["'self'", ...formTargets],
        frameAncestors: "'none'",
      },
    },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    xFrameOptions: { action: 'deny' },
    // subdomains may belong to others
    strictTransportSecurity: isServedOverHttps(settings) && { includeSubDomains: false },
    xXssProtection: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the visitor's last write is not in the read models yet. */
    processing?: boolean;
    /** Why it was answered with a fault or an unavailable store. */
    failure?: unknown;
    /** The time left to it to wait for the log. */
    waitingTime?: TimeBudget;
  }
  interface FastifyReply {
    /** Sends a page, or the fragment where the request asks for a part of it. */
    view(name: string, data: object): FastifyReply;
  }
}

/** Adds `view`, which Nest's @Render calls: the one place that chooses page or fragment. */
function decorateReply(fastify: FastifyInstance, views: Views, clock: Clock): void {
  fastify.decorateReply('view', function view(name: string, data: object) {
    const { visitor, officer, processing, updating, headers, url } = this.request;
    const now = clock.now().getTime();
    const page: PageContext = {
      now,
      ...(visitor && { session: { secondsLeft: secondsUntil(visitor.endsAt, now), limited: visitor.limited } }),
      ...(officer && { officer }),
      ...(processing && { askAgain: ASK_AGAIN, refresh: { seconds: ASK_AGAIN, address: pollingAddress(url) } }),
      ...(updating && { updating }),
    };
    this.header('content-type', 'text/html; charset=utf-8');
    this.header('cache-control', 'no-store');
    this.header('vary', 'HX-Request-Type');
    return this.send(headers['hx-request-type'] === 'partial' ? views.fragment(name, data, page) : views.render(name, data, page));
  });
}

/** Starts once the body has been received. The hook must be added before any route. */
function limitWaiting(fastify: FastifyInstance, limits: TimeLimits): void {
  fastify.addHook('preHandler', (request, _reply, done) => {
    request.waitingTime ??= new TimeBudget(limits.log); // the hook runs again for a file that is not found
    withTimeBudget(request.waitingTime, done);
  });
}

/** Node caches an address when it is first read. A client that has closed its connection has none any more. */
function readAddresses({ server }: FastifyInstance): void {
  server.on('connection', ({ remoteAddress }) => remoteAddress);
}

/** Events that a request records are recorded as caused by its visitor or officer. */
function recordCause(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, _reply, done) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && !request.routeOptions.config.outcomeTexts) return done();
    const cause: Cause = {
      correlation: request.id,
      get origin() {
        return request.officer ? 'office' : 'person';
      },
      get by() {
        return request.officer ? `office:${request.officer.account}` : (request.visitor?.id ?? 'visitor');
      },
    };
    causedBy(cause, done);
  });
}
