import { Agent, request } from 'node:http';
import pMap from 'p-map';

/** Notifications of the platform, each sent as soon as there are fewer than so many without an answer. */
export interface Notifying {
  readonly url: string;
  readonly inFlight: number;
  readonly notifications: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
}

export interface Notified {
  /** How long each took, in ms, from its request to the last byte of the answer. */
  readonly times: readonly number[];
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Answered otherwise than with success, or not at all. */
  readonly failed: number;
}

process.once('message', async (message) => {
  const { url, inFlight, notifications } = message as Notifying;
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const times: number[] = [];
  let failed = 0;
  const notify = ({ headers, body }: Notifying['notifications'][number]) =>
    new Promise<void>((resolve) => {
      const begun = performance.now();
      const end = (isTaken: boolean) => {
        times.push(performance.now() - begun);
        if (!isTaken) failed++;
        resolve();
      };
      const sending = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (part) => {
          said += part;
        });
        answer.once('end', () => end(answer.statusCode === 200 && said === 'success'));
        answer.once('error', () => end(false));
      });
      sending.once('error', () => end(false));
      sending.end(body);
    });
  const begun = performance.now();
  await pMap(notifications, notify, { concurrency: inFlight });
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  process.send?.({ times, seconds, failed } satisfies Notified);
});
