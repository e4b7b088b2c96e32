import { Agent, request } from 'node:http';
import pMap from 'p-map';

/** Notifications of the platform, with at most `inFlight` unanswered at a time. */
export interface NotificationLoad {
  readonly url: string;
  readonly inFlight: number;
  readonly notifications: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
}

export interface NotificationTimes {
  /** Milliseconds from each request to the last byte of its answer. */
  readonly times: readonly number[];
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** RequestTimes otherwise than with success, or not at all. */
  readonly failed: number;
}

process.once('message', async (message) => {
  const { url, inFlight, notifications } = message as NotificationLoad;
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const times: number[] = [];
  let failed = 0;
  const notify = ({ headers, body }: NotificationLoad['notifications'][number]) =>
    new Promise<void>((resolve) => {
      const begun = performance.now();
      const end = (isTaken: boolean) => {
        times.push(performance.now() - begun);
        if (!isTaken) failed++;
        resolve();
      };
      const sending = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        answer.once('end', () => end(answer.statusCode === 200 && text === 'success'));
        answer.once('error', () => end(false));
      });
      sending.once('error', () => end(false));
      sending.end(body);
    });
  const begun = performance.now();
  await pMap(notifications, notify, { concurrency: inFlight });
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  process.send?.({ times, seconds, failed } satisfies NotificationTimes);
});
