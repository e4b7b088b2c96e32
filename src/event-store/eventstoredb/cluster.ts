import { isIP } from 'node:net';
import { AccessDenied, type Endpoint, faultOf, isNotReady, LeaderNotReached, Passing } from './faults.js';
import { GOSSIP } from './limits.js';
import { addressesOf, LookupTooSlow } from './lookup.js';
import { channelCredentials, channelOptions, metadataFor, targetOf } from './node.js';
import { type ClusterInfo, Empty, GossipClient } from './protocol.js';
import type { EventStoreAddress } from './url.js';

/** `VNodeState` of a leader, as the server counts them. */
const LEADER = 8;

/** Somebody who can be asked, and the name that its certificate must hold. */
interface Seed extends Endpoint {
  readonly name: string;
}

/**
 * Where the leader is, by what most nodes say; one that does not answer itself is none, whatever others still say.
 * @throws Passing when there is none now, AccessDenied when nobody tells since the user is refused
 */
export async function leaderOf(address: EventStoreAddress): Promise<Endpoint> {
  const seeds = await seedsOf(address);
  const answers = await Promise.all(seeds.map((seed) => leadersBy(address, seed)));
  const told = answers.filter((answer) => Array.isArray(answer));
  if (told.length === 0)
    throw answers.find((fault) => fault instanceof AccessDenied || isNotReady(fault)) ?? new Passing('no node of the cluster answers', { cause: answers[0] });
  let notReached: LeaderNotReached | undefined;
  for (const candidate of mostNamed(told.flat())) {
    const own = await leadersBy(address, { ...candidate, name: candidate.address });
    if (own instanceof AccessDenied) throw own;
    if (own instanceof Error) notReached ??= new LeaderNotReached(candidate, own);
    if (Array.isArray(own) && own.some((leader) => targetOf(leader) === targetOf(candidate))) return candidate;
  }
  throw notReached ?? new Passing('the cluster has no leader: a majority of its nodes must be there');
}

async function seedsOf({ hosts, discover }: EventStoreAddress): Promise<readonly Seed[]> {
  if (!discover) return hosts.map((host) => ({ ...host, name: host.address }));
  const [{ address: name, port }] = hosts;
  if (isIP(name)) return [{ address: name, port, name }];
  const found = await addressesOf(name, GOSSIP).catch((error: Error) => {
    throw new Passing(error instanceof LookupTooSlow ? error.message : `no address is known for ${name}`, { cause: error });
  });
  return found.map(({ address, family }) => ({ address: family === 6 ? `[${address}]` : address, port, name }));
}

/** The leaders that a node tells of, or why it tells of none. */
async function leadersBy(address: EventStoreAddress, seed: Seed): Promise<readonly Endpoint[] | Error> {
  const client = new GossipClient(targetOf(seed), channelCredentials(address, seed, seed.name), channelOptions(address, seed));
  const deadline = Date.now() + (address.settings.gossipTimeout ? address.settings.gossipTimeout * 1_000 : GOSSIP);
  const info = await new Promise<ClusterInfo | Error>((resolve) => {
    client.read(new Empty(), metadataFor(address), { deadline }, (error, answer) => resolve(error ? (faultOf(error) as Error) : answer));
  });
  client.close(); // no other call is begun through it
  if (info instanceof Error) return info;
  return info
    .getMembersList()
    .filter((member) => member.getIsAlive() && member.getState() === LEADER)
    .flatMap((member) => {
      const endpoint = member.getHttpEndPoint();
      return endpoint ? [{ address: endpoint.getAddress(), port: endpoint.getPort() }] : [];
    });
}

function mostNamed(told: readonly Endpoint[]): readonly Endpoint[] {
  const byTarget = [...Map.groupBy(told, targetOf).values()];
  return byTarget.toSorted((one, other) => other.length - one.length).map(([endpoint]) => endpoint as Endpoint);
}
