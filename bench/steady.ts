import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Requests at a fixed rate, one cookie after another, whether earlier ones were answered or not. */
export interface Steady {
  readonly url: string;
  readonly path: string;
  readonly cookies: readonly string[];
  readonly perSecond: number;
  /** Counted from when this process has warmed up, which takes a second. */
  readonly seconds: number;
}

/** How long each answer took, in ms, from its request to its last byte. */
export interface Answered {
  readonly times: readonly number[];
  /** Not answered, or with another status than 200. */
  readonly failed: number;
}

process.once('message', async (message) => {
  const { url, path, cookies, perSecond, seconds } = message as Steady;
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const times: number[] = [];
  let failed = 0;
  const ask = (at: number) =>
    new Promise<void>((resolve) => {
      const begun = performance.now();
      const fail = () => {
        failed++;
        resolve();
      };
      const headers = { cookie: cookies[at % cookies.length] };
      const request = get(new URL(path, url), { agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (at >= perSecond) times.push(performance.now() - begun);
          if (answer.statusCode === 200) resolve();
          else fail();
        });
        answer.once('error', fail);
      });
      request.once('error', fail);
    });
  const asked: Promise<void>[] = [];
  const begun = performance.now();
  for (let at = 0; at < perSecond * (1 + seconds); at++) {
    const early = begun + (at * 1_000) / perSecond - performance.now();
    if (early > 0) await pause(early);
    asked.push(ask(at));
  }
  await Promise.all(asked);
  agent.destroy();
  process.send?.({ times, failed } satisfies Answered);
});
