import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import fastify from 'fastify';
import { publicRoutes, RouteTable } from '../../../src/web/routes/route-table.js';
import { PUBLIC } from '../../../src/web/routes/visitor.js';
import { TestCentre } from '../../centre.js';

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
});
afterAll(() => centre.close());

/** What anyone may ask for. A new one is public only once it stands here too. */
const FOR_ANYONE = [
  'GET /',
  'GET /assets/*',
  'GET /entry.svg',
  'GET /health/live',
  'GET /health/ready',
  'GET /help',
  'GET /login',
  'GET /login/bjt',
  'GET /login/bjt/callback',
  'GET /login/bjt/choice',
  'GET /login/choice',
  'GET /login/reset',
  'GET /logout',
  'GET /office/login',
  'GET /office/login/code',
  'GET /office/login/factor',
  'GET /office/outcome',
  'GET /outcome',
  'GET /payments/return',
  'GET /privacy',
  'POST /login',
  'POST /login/bjt/choice',
  'POST /login/choice',
  'POST /login/reset',
  'POST /logout',
  'POST /office/login',
  'POST /office/login/code',
  'POST /office/login/factor',
  'POST /payments/notify',
  'POST /payments/return',
];

type Routed = Record<string, unknown>;

/** Each route of Nest's controllers, and whether it is marked as public. */
function marked(): ReadonlyMap<string, boolean> {
  const routes = new Map<string, boolean>();
  for (const module of centre.application.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (!metatype) continue;
      const prototype = metatype.prototype as Routed;
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number];
        const isPublic = Boolean(Reflect.getMetadata(PUBLIC, handler) ?? Reflect.getMetadata(PUBLIC, metatype));
        for (const path of [Reflect.getMetadata(PATH_METADATA, metatype)].flat())
          routes.set(`${method} ${joined(path, Reflect.getMetadata(PATH_METADATA, handler))}`, isPublic);
      }
    }
  }
  return routes;
}

function joined(...parts: unknown[]): string {
  return `/${parts
    .map((part) => String(part).replace(/^\/+|\/+$/g, ''))
    .filter(Boolean)
    .join('/')}`;
}

const table = () =>
  centre.application
    .getHttpAdapter()
    .getInstance()
    .routeTable.all()
    .filter(({ method }) => method !== 'HEAD');
const nameOf = ({ method, url }: { readonly method: string; readonly url: string }) => `${method} ${url.length > 1 ? url.replace(/\/$/, '') : url}`;

describe('Each route of the centre', () => {
  it('Each route of the centre is Nest’s, behind the guard, or marked as public', () => {
    const known = marked();
    const routes = table();
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes) {
      if (route.beside) expect([nameOf(route), route.beside.public]).toEqual([nameOf(route), expect.any(String)]);
      else expect([...known.keys()]).toContain(nameOf(route));
    }
  });

  it('Each route of the centre is public only if this test lists it as public', () => {
    const known = marked();
    const open = table().filter((route) => route.beside || known.get(nameOf(route)));
    expect([...new Set(open.map(nameOf))].toSorted()).toEqual(FOR_ANYONE);
  });

  it('Each route of the centre needs a session unless it is public', async () => {
    const guarded = table().filter((route) => !FOR_ANYONE.includes(nameOf(route)));
    expect(guarded.length).toBeGreaterThan(20);
    for (const route of guarded) {
      const url = route.url.replace(/:\w+/g, '1').replace('*', 'x');
      for (const cookie of ['', 'session=forged']) {
        const answer = await centre.ask(url, { cookie, ...(route.method === 'POST' && { form: {} }) });
        const to = answer.headers.location;
        expect([nameOf(route), answer.status, String(to)]).toEqual([nameOf(route), 303, expect.stringMatching(/^(\/office)?\/login(\?|$)/)]);
      }
    }
  });
});

describe('A route beside Nest', () => {
  it('A route beside Nest without a mark keeps the server from starting', async () => {
    const server = fastify();
    RouteTable.of(server);
    server.get('/open', async () => 'everything');
    await expect(server.ready()).rejects.toThrow('no guard stands before /open');
  });

  it('A route beside Nest with a mark is served', async () => {
    const server = fastify();
    RouteTable.of(server);
    await publicRoutes(server, 'for a test', (scope) => {
      scope.get('/open', async () => 'everything');
    });
    await server.ready();
    expect((await server.inject('/open')).statusCode).toBe(200);
    await server.close();
  });
});
