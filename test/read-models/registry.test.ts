import { describe, expect, it } from '@jest/globals';
import { buildBefore, EMPTY_REGISTRY, withBuild, withoutBuild, withServedBuild } from '../../src/read-models/registry.js';

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
