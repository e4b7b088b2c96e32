import { isIP } from 'node:net';
import { AccessDenied, type Endpoint, isNotReady, LeaderUnreachable, NoLeader, TransientError, translateCallError } from '../errors.js';
import { type ClusterInfo, Empty, GossipClient } from '../protocol.js';
import type { ServerAddress } from '../url.js';
import { channelCredentials, channelOptions, metadataFor, targetOf } from './node.js';
import { DnsTimeout, resolveHost } from './resolve-host.js';
import { GOSSIP_TIMEOUT } from './timeouts.js';

/** `VNodeState` of a leader in the protocol. */
const LEADER = 8;

/** A node to ask, with the name that its certificate must have. */
interface Seed extends Endpoint {
  readonly name: string;
}

/**
 * Finds the leader that most nodes name, if it also names itself; a leader that does not respond is not used.
 * @throws TransientError when there is none now, AccessDenied when the user is refused
 */
export async function findLeader(address: ServerAddress): Promise<Endpoint> {
  const seeds = await findSeeds(address);
  const answers = await Promise.all(seeds.map((seed) => leadersNamedBy(address, seed)));
  const responses = answers.filter((answer) => Array.isArray(answer));
  if (responses.length === 0)
    throw answers.find((fault) => fault instanceof AccessDenied || isNotReady(fault)) ?? new TransientError('集群没有一个节点应答', { cause: answers[0] });
  let notReached: LeaderUnreachable | undefined;
  for (const candidate of mostNamed(responses.flat())) {
    const own = await leadersNamedBy(address, { ...candidate, name: candidate.address });
    if (own instanceof AccessDenied) throw own;
    if (own instanceof Error) notReached ??= new LeaderUnreachable(candidate, own);
    if (Array.isArray(own) && own.some((leader) => targetOf(leader) === targetOf(candidate))) return candidate;
  }
  throw notReached ?? new NoLeader();
}

async function findSeeds({ hosts, discover }: ServerAddress): Promise<readonly Seed[]> {
  if (!discover) return hosts.map((host) => ({ ...host, name: host.address }));
  const [{ address: name, port }] = hosts;
  if (isIP(name)) return [{ address: name, port, name }];
  const found = await resolveHost(name, GOSSIP_TIMEOUT).catch((error: Error) => {
    throw new TransientError(error instanceof DnsTimeout ? error.message : `找不到 ${name} 的地址`, { cause: error });
  });
  return found.map(({ address, family }) => ({ address: family === 6 ? `[${address}]` : address, port, name }));
}

/** The leaders that a node names, or the error when it cannot be asked. */
async function leadersNamedBy(address: ServerAddress, seed: Seed): Promise<readonly Endpoint[] | Error> {
  const client = new GossipClient(targetOf(seed), channelCredentials(address, seed, seed.name), channelOptions(address, seed));
  const deadline = Date.now() + (address.settings.gossipTimeout ? address.settings.gossipTimeout * 1_000 : GOSSIP_TIMEOUT);
  const info = await new Promise<ClusterInfo | Error>((resolve) => {
    client.read(new Empty(), metadataFor(address), { deadline }, (error, answer) => resolve(error ? (translateCallError(error) as Error) : answer));
  });
  client.close(); // used for this call only
  if (info instanceof Error) return info;
  return info
    .getMembersList()
    .filter((member) => member.getIsAlive() && member.getState() === LEADER)
    .flatMap((member) => {
      const endpoint = member.getHttpEndPoint();
      return endpoint ? [{ address: endpoint.getAddress(), port: endpoint.getPort() }] : [];
    });
}

function mostNamed(named: readonly Endpoint[]): readonly Endpoint[] {
  const byTarget = [...Map.groupBy(named, targetOf).values()];
  return byTarget.toSorted((one, other) => other.length - one.length).map(([endpoint]) => endpoint as Endpoint);
}
