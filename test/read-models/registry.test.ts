import { describe, expect, it } from '@jest/globals';
import { buildBefore, EMPTY_REGISTRY, withBuild, withoutBuild, withServedBuild } from '../../src/read-models/registry.js';
import { wholeRegistry } from '../../src/read-models/registry-shape.js';

const made = (name: string, begun: string) => ({
  name,
  readModel: 'bills',
  version: Number(name.slice(-1)),
  fingerprint: 'f',
  state: 'current' as const,
  begun,
});
const NOW = '2026-11-22T10:00:00.000Z';

it('The registry refuses to drop a build that is being made, and names the command that cancels it', () => {
  const served = withBuild(EMPTY_REGISTRY, made('bills@1', '2026-11-01T00:00:00.000Z'));
  const making = withBuild(served, { ...made('bills@2', '2026-11-02T00:00:00.000Z'), state: 'building' });
  expect(() => withoutBuild(making, 'bills@2', NOW)).toThrow(
    expect.objectContaining({ message: 'bills@2 还没有重建完成，不能删除', remedies: [{ kind: 'cancel', build: 'bills@2' }] }),
  );
});

it('The registry serves a build that is begun while the one that it names as served is not there', () => {
  const lost = { ...EMPTY_REGISTRY, serving: { bills: 'bills@2-3' } };
  const again = withBuild(lost, made('bills@1', NOW));
  expect(again.serving).toEqual({ bills: 'bills@1' });
  expect(withBuild(again, made('bills@2', NOW)).serving).toEqual({ bills: 'bills@1' });
});

describe('What is stored as the registry', () => {
  const build = made('bills@2', NOW);
  const whole = { revision: 3, serving: { bills: 'bills@2' }, before: { bills: 'bills@1' }, builds: [build], requests: [] };
  const read = (stored: unknown) => wholeRegistry(stored, (lacks) => new Error(lacks));

  it('What is stored as the registry is read where it is one, also with a served build that it does not hold', () => {
    for (const each of [whole, EMPTY_REGISTRY, { ...whole, builds: [] }]) expect(read(each)).toEqual(each);
  });

  it.each<[string, unknown, string]>([
    ['is nothing', undefined, '缺少内容'],
    ['is empty', {}, '缺少内容'],
    ['has no builds', { ...whole, builds: undefined }, '缺少内容'],
    ['has a revision that is no number', { ...whole, revision: '3' }, '中的 revision 不对'],
    ['has a build of an unknown state', { ...whole, builds: [{ ...build, state: 'done' }] }, '中的 builds.0.state 不对'],
    ['has a build begun at no time', { ...whole, builds: [{ ...build, begun: 'once' }] }, '中的 builds.0.begun 不对'],
    ['is of an installation without a name', { ...whole, installation: '' }, '中的 installation 不对'],
    ['has a build twice', { ...whole, builds: [build, build] }, '中有两个 bills@2'],
    ['has a build under the name of another version', { ...whole, builds: [{ ...build, version: 1 }] }, '中 bills@2 写成了 bills 的第 1 版'],
    ['has a build under the name of another read model', { ...whole, builds: [{ ...build, readModel: 'sittings' }] }, '中 bills@2 写成了 sittings 的第 2 版'],
    ['serves a build of another read model', { ...whole, serving: { sittings: 'bills@2' } }, '中 sittings 的版本写成了 bills@2'],
    ['serves what names no build', { ...whole, serving: { bills: 'bills' } }, '中 bills 的版本写成了 bills'],
    ['leads back to a build of another read model', { ...whole, before: { bills: 'sittings@1' } }, '中 bills 的版本写成了 sittings@1'],
  ])('What is stored as the registry is refused where it %s', (_, stored, lacks) => {
    expect(() => read(stored)).toThrow(new Error(lacks));
  });
});

describe('A rollback', () => {
  const both = withBuild(withBuild(EMPTY_REGISTRY, made('bills@1', '2026-11-01T00:00:00.000Z')), made('bills@2', '2026-11-02T00:00:00.000Z'));
  const forward = withServedBuild(both, 'bills@2', NOW);

  it('A rollback leads to the build that was served before the last switch', () => {
    expect(buildBefore(forward, 'bills')).toBe('bills@1');
  });

  it('A rollback does not lead forward again when it is repeated after a lost answer', () => {
    const back = withServedBuild(forward, buildBefore(forward, 'bills'), NOW);
    expect(() => buildBefore(back, 'bills')).toThrow(
      expect.objectContaining({ message: 'bills 已经退回到 bills@1', remedies: [{ kind: 'switch', build: 'bills@2' }] }),
    );
    expect(withServedBuild(back, 'bills@2', NOW).serving).toEqual({ bills: 'bills@2' });
  });

  it('A rollback is refused before the first switch', () => {
    expect(() => buildBefore(both, 'bills')).toThrow('bills 没有可以退回的版本');
  });
});
