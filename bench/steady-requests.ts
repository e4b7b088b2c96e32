import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Requests at a fixed rate, whether earlier ones are answered or not, with the cookies in turn. */
export interface SteadyRequests {
  readonly url: string;
  readonly path: string;
  readonly cookies: readonly string[];
  readonly perSecond: number;
  /** After a second of warming up. */
  readonly seconds: number;
}

/** Milliseconds from each request to the last byte of its answer. */
export interface RequestTimes {
  readonly times: readonly number[];
  /** Requests without an answer, or with a status other than 200. */
  readonly failed: number;
}

process.once('message', async (message) => {
  const { url, path, cookies, perSecond, seconds } = message as SteadyRequests;
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const times: number[] = [];
  let failed = 0;
  const request = (at: number) =>
    new Promise<void>((resolve) => {
      const begun = performance.now();
      const fail = () => {
        failed++;
        resolve();
      };
      const headers = { cookie: cookies[at % cookies.length] };
      const sent = get(new URL(path, url), { agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (at >= perSecond) times.push(performance.now() - begun);
          if (answer.statusCode === 200) resolve();
          else fail();
        });
        answer.once('error', fail);
      });
      sent.once('error', fail);
    });
  const asked: Promise<void>[] = [];
  const begun = performance.now();
  for (let at = 0; at < perSecond * (1 + seconds); at++) {
    const early = begun + (at * 1_000) / perSecond - performance.now();
    if (early > 0) await pause(early);
    asked.push(request(at));
  }
  await Promise.all(asked);
  agent.destroy();
  process.send?.({ times, failed } satisfies RequestTimes);
});
