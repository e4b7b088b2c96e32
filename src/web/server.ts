import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import files from '@fastify/static';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { causedBy } from '../event-store/cause.js';
import { EventStore } from '../event-store/event-store.js';
import { WaitingTime, waitingWithin } from '../event-store/waiting-time.js';
import { Clock } from '../kernel/clock.js';
import { log } from '../kernel/log.js';
import { ReadModelLag } from '../read-models/projecting/read-model-lag.js';
import type { Projection } from '../read-models/projection.js';
import { ReadModels } from '../read-models/read-models.js';
import { withRegistrySnapshot } from '../read-models/serving/registry-snapshot.js';
import { isServedOverHttps, type Settings } from '../settings/settings.js';
import { automatic } from './automatic.js';
import { refuseForeignPosts } from './foreign-posts.js';
import { showOwnWrites } from './own-write.js';
import { logRequests, requestIds } from './request-log.js';
import { serveRootFiles } from './root-files.js';
import { publicRoutes, RouteTable } from './route-table.js';
import { closeInTime, TIME_LIMITS, type TimeLimits } from './time-limits.js';
import { UnreadableRequests } from './unreadable-requests.js';
import { assetsFolder } from './view-files.js';
import { type PageContext, Views } from './views.js';
import { secondsUntil } from './visitor.js';
import { refuseMalformed } from './well-formed-requests.js';

/** Forms of the centre are small: what is larger is refused with 413. */
const LARGEST_BODY = 64 * 1024;

/** Seconds after which a page that lacks what its reader has just done asks for itself again. */
const ASK_AGAIN = 3;

/** In characters of an address: a notice's id (64) may be of such as take 12 each. */
const LONGEST_PARAMETER = 768;

/** What a module serves beside Nest: its requests are not those of pages. */
export interface RawRoutes {
  /** Why they stand before the session's guard. */
  readonly why: string;
  readonly register: (scope: FastifyInstance) => unknown;
}

/** What the server is told of the modules that it serves. */
export interface Served {
  readonly rawRoutes: (app: INestApplicationContext) => readonly RawRoutes[];
  /** Origins to which a form of ours leads by way of a redirect. */
  readonly formTargets: (app: INestApplicationContext) => readonly string[];
  /** All read models: a write is forgotten once each has seen it. */
  readonly readModels: readonly Projection[];
}

/** The web server over the application's modules: not yet listening. */
export async function createWebServer(
  application: DynamicModule,
  settings: Settings,
  served: Served,
  limits: TimeLimits = TIME_LIMITS,
): Promise<NestFastifyApplication> {
  const unreadable = new UnreadableRequests();
  const adapter = new FastifyAdapter({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: () => log, // which knows the request by itself
    genReqId: requestIds(settings.TRUST_PROXY),
    trustProxy: settings.TRUST_PROXY > 0 && ((_address: string, hop: number) => hop < settings.TRUST_PROXY),
    frameworkErrors: unreadable.address,
    clientErrorHandler: unreadable.bytes,
    bodyLimit: LARGEST_BODY,
    http: { headersTimeout: limits.headers, requestTimeout: limits.request, connectionsCheckingInterval: limits.checking },
    requestTimeout: limits.request,
    forceCloseConnections: 'idle',
    skipMiddie: true,
    multipart: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LONGEST_PARAMETER },
  });
  const app = await NestFactory.create<NestFastifyApplication>(application, adapter, { logger: false, abortOnError: false });
  protect(app, settings, served.formTargets(app));
  const fastify = adapter.getInstance<FastifyInstance>();
  const routes = RouteTable.of(fastify);
  limitWaiting(fastify, limits);
  logRequests(fastify);
  refuseMalformed(fastify);
  refuseForeignPosts(fastify, settings);
  // each cookie, whoever sets it
  await fastify.register(cookie, { parseOptions: { secure: isServedOverHttps(settings) } });
  await fastify.register(compress, { encodings: ['gzip'], threshold: 1024, globalDecompression: false });
  await publicRoutes(fastify, 'how pages look', (scope) =>
    scope.register(files, { root: assetsFolder, prefix: '/assets/', preCompressed: true, immutable: true, maxAge: '365d', decorateReply: false }),
  );
  if (settings.ROOT_FILES_DIR) await serveRootFiles(fastify, settings.ROOT_FILES_DIR);
  fastify.removeContentTypeParser('text/plain'); // no page of ours sends it
  for (const { why, register } of served.rawRoutes(app)) await publicRoutes(fastify, why, register);
  const views = app.get(Views);
  unreadable.answerWith(views);
  fastify.addHook('onRequest', (_request, _reply, done) => withRegistrySnapshot(done));
  showPages(fastify, views, app.get(Clock));
  knowWhoActs(fastify);
  closeInTime(fastify, limits);
  knowAddresses(fastify);
  routes.expectNestRoutes();
  showOwnWrites(fastify, served.readModels, app.get(ReadModels), app.get(EventStore), app.get(ReadModelLag));
  return app;
}

/** @param formTargets origins to which a form of ours leads by way of a redirect */
function protect(app: NestFastifyApplication, settings: Settings, formTargets: readonly string[]): void {
  const isFromOutside = ({ routeOptions }: FastifyRequest) => routeOptions.config.fromOutside === true;
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
    // the host alone: its subdomains may be others'
    strictTransportSecurity: isServedOverHttps(settings) && { includeSubDomains: false },
    xXssProtection: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** That what the visitor has just done is not in the read models yet. */
    processing?: boolean;
    /** How long it waits for the log. */
    waitingTime?: WaitingTime;
  }
  interface FastifyReply {
    /** Sends a page, or to a request for a part of it the fragment. */
    view(name: string, data: object): FastifyReply;
  }
}

/** One place that chooses page or fragment: what Nest's @Render calls. */
function showPages(fastify: FastifyInstance, views: Views, clock: Clock): void {
  fastify.decorateReply('view', function view(name: string, data: object) {
    const { visitor, processing, updating, headers, url } = this.request;
    const now = clock.now().getTime();
    const page: PageContext = {
      now,
      ...(visitor && { session: { secondsLeft: secondsUntil(visitor.endsAt, now), limited: visitor.limited } }),
      ...(processing && { askAgain: ASK_AGAIN, refresh: { seconds: ASK_AGAIN, address: automatic(url) } }),
      ...(updating && { updating }),
    };
    this.header('content-type', 'text/html; charset=utf-8');
    this.header('cache-control', 'no-store');
    this.header('vary', 'HX-Request-Type');
    return this.send(headers['hx-request-type'] === 'partial' ? views.fragment(name, data, page) : views.render(name, data, page));
  });
}

/** Before any route is there, and once the body is: what is heard of the connection is heard outside. */
function limitWaiting(fastify: FastifyInstance, limits: TimeLimits): void {
  fastify.addHook('preHandler', (request, _reply, done) => {
    request.waitingTime ??= new WaitingTime(limits.log); // a file that is not found comes by here again
    waitingWithin(request.waitingTime, done);
  });
}

/** An address is asked of the system once, while the client is there: one that hangs up would have none by the time it is looked at. */
function knowAddresses({ server }: FastifyInstance): void {
  server.on('connection', ({ remoteAddress }) => remoteAddress);
}

/** All that a request records is recorded as done by its visitor. */
function knowWhoActs(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, _reply, done) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && !request.routeOptions.config.outcomeTexts) return done();
    const cause = {
      origin: 'person' as const,
      correlation: request.id,
      get by() {
        return request.visitor?.id ?? 'visitor';
      },
    };
    causedBy(cause, done);
  });
}
