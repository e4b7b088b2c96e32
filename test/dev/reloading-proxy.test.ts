import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ReloadingProxy } from '../../dev/reloading-proxy.mjs';
import { TestCentre } from '../centre.js';

const PAGE = '<!doctype html><html lang="zh-CN"><body>页面</body></html>';
const FRAGMENT = '<div>部分</div>';
const HEADERS = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'self'" };

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

async function addressOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy before a server that answers so, by the address of the proxy. */
async function proxyBefore(answer: RequestListener) {
  const server = createServer(answer);
  const proxy = new ReloadingProxy();
  opened.push(
    () => server.close(),
    () => proxy.close(),
  );
  proxy.forwardTo(await addressOf(server));
  return { proxy, address: await addressOf(proxy.server) };
}

describe('The proxy of npm run dev', () => {
  it('The proxy of npm run dev adds to a whole page a script of its own address, which the policy of the page allows', async () => {
    const { address } = await proxyBefore((_, answer) => answer.writeHead(200, HEADERS).end(PAGE));
    const answer = await fetch(`${address}/center`);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(await answer.text()).toBe(`${PAGE}<script src="/dev/reload.js" defer></script>`);
    expect(await (await fetch(`${address}/dev/reload.js`)).text()).toContain("new EventSource('/dev/events')");
  });

  it('The proxy of npm run dev adds nothing to a fragment or to what is no page', async () => {
    const { address } = await proxyBefore(({ url }, answer) => {
      if (url === '/part') answer.writeHead(200, HEADERS).end(FRAGMENT);
      else answer.writeHead(200, { 'content-type': 'text/css' }).end(PAGE);
    });
    expect(await (await fetch(`${address}/part`)).text()).toBe(FRAGMENT);
    expect(await (await fetch(`${address}/look.css`)).text()).toBe(PAGE);
  });

  it('The proxy of npm run dev hands on what is posted, with the host that the browser asked for', async () => {
    const { address } = await proxyBefore(async (asked, answer) => {
      const body = Buffer.concat(await asked.toArray()).toString();
      answer.writeHead(303, { location: '/center', 'set-cookie': ['a=1', 'b=2'] }).end(`${asked.method} ${asked.url} ${asked.headers.host} ${body}`);
    });
    const answer = await fetch(`${address}/login?to=x`, { method: 'POST', body: 'account=1', redirect: 'manual' });
    expect({ status: answer.status, to: answer.headers.get('location'), cookies: answer.headers.getSetCookie() }).toEqual({
      status: 303,
      to: '/center',
      cookies: ['a=1', 'b=2'],
    });
    expect(await answer.text()).toBe(`POST /login?to=x ${new URL(address).host} account=1`);
  });

  it('The proxy of npm run dev tells open pages when to reload', async () => {
    const { proxy, address } = await proxyBefore((_, answer) => answer.end());
    const told = (await fetch(`${address}/dev/events`)).body?.pipeThrough(new TextDecoderStream()).getReader();
    proxy.reload();
    expect((await told?.read())?.value).toContain('event: reload');
  });

  it('The proxy of npm run dev leads to another centre once it is told so', async () => {
    const { proxy, address } = await proxyBefore((_, answer) => answer.end('before'));
    const other = createServer((_, answer) => answer.end('after'));
    opened.push(() => other.close());
    proxy.forwardTo(await addressOf(other));
    expect(await (await fetch(address)).text()).toBe('after');
  });
});

describe('A centre without npm run dev', () => {
  it('A centre without npm run dev has no route that reloads pages, and no page with such a script', async () => {
    const centre = await TestCentre.open();
    try {
      for (const address of ['/dev/events', '/dev/reload.js']) expect((await centre.ask(address)).status).toBe(404);
      expect((await centre.ask('/login')).body).not.toContain('/dev/');
    } finally {
      await centre.close();
    }
  });
});
