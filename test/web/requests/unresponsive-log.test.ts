import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  GOSSIP_TIMEOUT,
  INACTIVITY_TIMEOUT,
  LAST_CONNECT_TIMEOUT,
  RETRY_DELAYS,
  RETRY_TIMEOUT,
} from '../../../src/event-store/eventstoredb/connection/timeouts.js';
import { log } from '../../../src/kernel/log.js';
import { TestCentre } from '../../centre.js';
import { type ClusterNode, TestCluster } from '../../event-store/eventstoredb/test-server/test-cluster.js';
import { until } from '../../until.js';

const ACCOUNT = '119912345678';

describe('A page that waits for an EventStoreDB of three nodes whose leader hangs', () => {
  let cluster: TestCluster;
  let centre: TestCentre;
  let address: string;
  let cookie: string;
  beforeAll(async () => {
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    cluster = await TestCluster.start();
    centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { EVENT_STORE_URL: cluster.url });
    await centre.candidate(ACCOUNT);
    cookie = await centre.signIn(ACCOUNT);
    await centre.signIn(ACCOUNT);
    address = await centre.listen();
  });
  afterAll(async () => {
    await centre.close();
    await cluster.close();
    jest.restoreAllMocks();
  });

  const endSessions = () =>
    fetch(`${address}/center/account/sessions`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'session=others',
    });
  const leader = () => cluster.leader as ClusterNode;

  it('A page that waits for an EventStoreDB of three nodes whose leader hangs has time limits that add up to at most ten seconds, and to five until another leader is used', () => {
    const roomForTheNetwork = 500;
    expect(RETRY_TIMEOUT + LAST_CONNECT_TIMEOUT + INACTIVITY_TIMEOUT).toBeLessThanOrEqual(10_000);
    expect(INACTIVITY_TIMEOUT + RETRY_DELAYS[0] + GOSSIP_TIMEOUT + roomForTheNetwork).toBeLessThanOrEqual(5_000);
  });

  it('A page that waits for an EventStoreDB of three nodes whose leader hangs says that nothing was recorded where the log could not be read, and records it once the leader goes on', async () => {
    leader().freeze();
    const answer = await endSessions();
    expect([answer.status, answer.headers.get('retry-after') !== null]).toEqual([503, true]);
    expect(await answer.text()).toContain('没有记录任何内容');
    expect((await fetch(`${address}/center/account`, { headers: { cookie } })).status).toBe(200); // pages that only read go on
    leader().thaw();
    const done = await until('it can be done', async () => {
      const again = await endSessions();
      await again.text();
      return again.status === 303 && again;
    });
    expect(done.headers.get('location')).toBe('/center/account?ended=others');
  });

  it('A page that waits for an EventStoreDB of three nodes whose leader hangs says that the outcome is unknown where the log has received the append and does not answer', async () => {
    await centre.signIn(ACCOUNT); // there is something to end again
    for (const { server } of cluster.nodes) server.appending.unanswered = Number.POSITIVE_INFINITY;
    const answer = await endSessions();
    expect(answer.status).toBe(503);
    const text = await answer.text();
    expect(text).toContain('还不能确定');
    expect(text).not.toContain('没有记录任何内容');
    for (const { server } of cluster.nodes) {
      server.appending.unanswered = 0;
      server.appending.release();
    }
  });
});
