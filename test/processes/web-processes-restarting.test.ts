import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Gauge, Registry } from 'prom-client';
import { abortableDelay } from '../../src/kernel/abortable-delay.js';
import type { MetricsSnapshot } from '../../src/kernel/metrics.js';
import type { FromWebProcess, ToWebProcess } from '../../src/processes/process-messages.js';
import { type ExitStatus, type Fork, type WebProcess, WebProcesses, WebProcessStartFailed } from '../../src/processes/web-processes.js';

/** A fake web process that the test controls. */
class FakeWebProcess implements WebProcess {
  readonly heard: ToWebProcess[] = [];
  readonly signals: string[] = [];
  private readonly ending = Promise.withResolvers<ExitStatus>();
  readonly exited = this.ending.promise;
  /** Whether it ends on SIGTERM. */
  endsOnSigterm = true;

  constructor(
    readonly place: number,
    readonly pid: number,
    readonly says: (message: FromWebProcess) => void,
  ) {}

  send(message: ToWebProcess): void {
    this.heard.push(message);
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.signals.push(signal);
    if (this.endsOnSigterm || signal === 'SIGKILL') this.dies({ code: null, signal });
  }

  serves(): void {
    this.says({ kind: 'listening', address: 'http://127.0.0.1:4000' });
  }

  dies(ending: ExitStatus = { code: 1, signal: null }): void {
    this.ending.resolve(ending);
  }
}

/** @param born called with each process when it is forked */
function fakeProcesses(born: (puppet: FakeWebProcess) => void = (puppet) => puppet.serves()) {
  const all: FakeWebProcess[] = [];
  const arrivals: (() => void)[] = [];
  const fork: Fork = (place, says) => {
    const puppet = new FakeWebProcess(place, 1_000 + all.length, says);
    all.push(puppet);
    queueMicrotask(() => born(puppet));
    for (const arrived of arrivals.splice(0)) arrived();
    return puppet;
  };
  const nth = async (count: number) => {
    while (all.length < count) await new Promise<void>((resolve) => arrivals.push(resolve));
    return all[count - 1] as FakeWebProcess;
  };
  return { all, fork, nth };
}

/** Does not wait, and records the delays. */
function recordedWaits() {
  const waited: number[] = [];
  return {
    waited,
    wait: async (_: AbortSignal, ms: number) => {
      waited.push(ms);
    },
  };
}

afterEach(() => {
  jest.restoreAllMocks();
});

/** The metrics of a process that has only this one. */
function snapshotOf(name: string): Promise<MetricsSnapshot> {
  const registry = new Registry();
  new Gauge({ name, help: name, registers: [registry] });
  return registry.getMetricsAsJSON();
}

describe('Web processes', () => {
  it('Web processes start once all of them serve, each in its own slot', async () => {
    const { all, fork } = fakeProcesses();
    const processes = await WebProcesses.start(3, fork);
    expect([processes.address, processes.serving, all.map(({ place }) => place)]).toEqual(['http://127.0.0.1:4000', 3, [1, 2, 3]]);
    await processes.stop();
    expect([processes.serving, all.map(({ signals }) => signals)]).toEqual([0, [['SIGTERM'], ['SIGTERM'], ['SIGTERM']]]);
  });

  it('Web processes do not start when the first cannot: its reason is thrown and no other is forked', async () => {
    const { all, fork } = fakeProcesses((puppet) => {
      puppet.says({ kind: 'failed', message: 'listen EADDRINUSE: 127.0.0.1:80' });
      puppet.dies();
    });
    await expect(WebProcesses.start(3, fork)).rejects.toThrow(new WebProcessStartFailed('listen EADDRINUSE: 127.0.0.1:80'));
    expect(all).toHaveLength(1);
  });

  it('Web processes do not start when one dies before it serves, and the others are stopped', async () => {
    const { all, fork } = fakeProcesses((puppet) => (puppet.place === 1 ? puppet.serves() : puppet.dies({ code: null, signal: 'SIGSEGV' })));
    await expect(WebProcesses.start(2, fork)).rejects.toThrow('一个网页进程还没有开始服务就结束了（SIGSEGV）');
    expect(all[0]?.signals).toEqual(['SIGTERM']);
  });

  it('Web processes are restarted in the same slot when they die, with a growing delay that is reset after a long life', async () => {
    const { fork, nth } = fakeProcesses();
    const { waited, wait } = recordedWaits();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const processes = await WebProcesses.start(2, fork, wait);
    for (const time of [2, 3, 4, 5, 6, 7, 8]) (await nth(time)).dies();
    const last = await nth(9);
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect([last.place, processes.serving]).toEqual([2, 2]);
    clock.mockReturnValue(31_000);
    last.dies();
    expect([(await nth(10)).place, waited.at(-1)]).toEqual([2, 1_000]);
    await processes.stop();
  });

  it('Web processes are not restarted once they were stopped, not even during a restart delay', async () => {
    const { all, fork } = fakeProcesses();
    const waiting = Promise.withResolvers<void>();
    const processes = await WebProcesses.start(2, fork, (signal, ms) => {
      waiting.resolve();
      return abortableDelay(signal, ms);
    });
    all[0]?.dies();
    await waiting.promise;
    await processes.stop();
    expect(all).toHaveLength(2);
  });

  it('Web processes are killed when they do not exit after SIGTERM in time', async () => {
    const { all, fork } = fakeProcesses((puppet) => {
      puppet.endsOnSigterm = puppet.place === 1;
      puppet.serves();
    });
    const { waited, wait } = recordedWaits();
    await (await WebProcesses.start(2, fork, wait)).stop();
    expect([all.map(({ signals }) => signals), waited]).toEqual([[['SIGTERM'], ['SIGTERM', 'SIGKILL']], [35_000]]);
  });

  it('Web processes forward a broadcast to all but its sender', async () => {
    const { all, fork } = fakeProcesses();
    const processes = await WebProcesses.start(3, fork);
    const word = { kind: 'broadcast', topic: 'login failures', message: { pair: 'x' } } as const;
    all[1]?.says(word);
    expect(all.map(({ heard }) => heard)).toEqual([[word], [], [word]]);
    await processes.stop();
  });

  it('Web processes return their metrics, and one that does not answer hides no other', async () => {
    const { all, fork } = fakeProcesses();
    const { waited, wait } = recordedWaits();
    const [one, two, three] = await Promise.all([snapshotOf('of_1'), snapshotOf('of_2'), snapshotOf('of_3')]);
    const processes = await WebProcesses.start(3, fork, (signal, ms) => (all[1]?.heard.length === 2 ? wait(signal, ms) : abortableDelay(signal, ms)));
    const answer = (slot: number, request: number, measured: MetricsSnapshot) => all[slot - 1]?.says({ kind: 'measured', request, measured });
    const first = processes.measured();
    answer(3, 1, three);
    answer(1, 1, one);
    answer(2, 1, two);
    expect(await first).toEqual([three, one, two]);
    const second = processes.measured();
    answer(1, 2, one);
    answer(1, 1, one); // too late for the first request
    expect(await second).toEqual([one]);
    expect(waited).toEqual([5_000]);
    await processes.stop();
    expect(await processes.measured()).toEqual([]);
  });
});
