import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../../demo/random.js';
import { until } from '../../until.js';
import { type ClusterNode, TestCluster } from './test-server/test-cluster.js';

const CLIENT = fileURLToPath(new URL('./cluster-client.mjs', import.meta.url));
/** Concurrent appends, each to its own stream. */
const STREAMS = 32;
/** Milliseconds of an election, and beyond it of a node that is dead or frozen. */
const ELECTION = 400;
const AWAY = 1_500;

/** The findings of the process that used the cluster meanwhile. */
export interface Worked {
  /** Its exit code: 0, or null for a signal. */
  readonly code: number | null;
  readonly stderr: string;
  readonly report?: { readonly appended: number; readonly wrong: readonly string[]; readonly strange: readonly string[] };
  readonly faults: readonly string[];
}

type Fault = (cluster: TestCluster, random: Random) => Promise<void>;

/** Lets a majority elect another leader after a while. */
async function elect(cluster: TestCluster, random: Random): Promise<void> {
  const successor = random.pick(cluster.followers);
  if (random.chance(50)) cluster.elect(undefined); // and meanwhile nobody leads; otherwise the old one is still named
  await pause(random.between(0, ELECTION));
  cluster.elect(successor);
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'the leader is frozen, another is elected, it goes on': async (cluster, random) => {
    const leader = cluster.leader as ClusterNode;
    leader.freeze();
    await elect(cluster, random);
    await pause(random.between(0, AWAY));
    leader.thaw();
  },
  'the leader is killed, another is elected, it comes back': async (cluster, random) => {
    const leader = cluster.leader as ClusterNode;
    await leader.kill();
    await elect(cluster, random);
    await pause(random.between(0, AWAY));
    await leader.restart();
  },
  'the leader is demoted': elect,
  'the leadership comes and goes': async (cluster, random) => {
    for (let times = random.between(2, 5); times > 0; times--) await elect(cluster, random);
  },
  'the leader hangs for a moment and stays the leader': async (cluster, random) => {
    const leader = cluster.leader as ClusterNode;
    leader.freeze();
    await pause(random.between(0, AWAY));
    leader.thaw();
  },
  'the connections are reset': async (cluster) => {
    cluster.leader?.cut();
  },
  'a follower is killed and comes back': async (cluster, random) => {
    const follower = random.pick(cluster.followers);
    await follower.kill();
    await pause(random.between(0, ELECTION));
    await follower.restart();
  },
};

/** Runs rounds of faults of a cluster while another process uses it. */
export async function clusterRounds(rounds: number, random: Random): Promise<Worked> {
  const cluster = await TestCluster.start();
  const client = spawn(process.execPath, [CLIENT, cluster.url, String(STREAMS)], { stdio: 'pipe', env: { ...process.env, LOG_LEVEL: 'silent' } });
  const ended = new Promise<number | null>((resolve) => client.once('close', resolve));
  let [stdout, stderr, isOver] = ['', '', false];
  client.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  client.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  void ended.then(() => {
    isOver = true;
  });
  const faults: string[] = [];
  const goesOn = async () => {
    const before = cluster.log.entries.length;
    await until('appends go on', () => isOver || cluster.log.entries.length > before + STREAMS);
  };
  try {
    await goesOn();
    for (let round = 0; round < rounds && !isOver; round++) {
      const what = random.pick(Object.keys(FAULTS));
      faults.push(what);
      await FAULTS[what]?.(cluster, random);
      await goesOn();
    }
    if (!isOver) client.stdin.write('enough\n');
    const code = await ended;
    const line = stdout.trim().split('\n').at(-1) ?? '';
    return { code, stderr, faults, ...(line.startsWith('{') && { report: JSON.parse(line) }) };
  } finally {
    client.kill('SIGKILL');
    await cluster.close();
  }
}
