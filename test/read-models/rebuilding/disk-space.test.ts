import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import { type Disk, NotEnoughSpace, spoolSize } from '../../../src/read-models/rebuilding/disk-space.js';
import { added, countsByTarget, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { Operator } from '../verifying/operator.js';
import { Rebuilding } from './rebuilding.js';

const texts = textsBySubject as Projection;
const counts = countsByTarget as Projection;
const MB = 1_000_000;
const MARGIN = 10 * MB;
const disk = (free: number) => (): Disk => ({ id: 1, free, margin: MARGIN });

describe('A rebuild', () => {
  let events: MemoryEventStore;
  let rebuilding: Rebuilding;

  beforeEach(async () => {
    events = new MemoryEventStore();
    events.tell(Array.from({ length: 300 }, (_, at) => added(`candidate ${at}`, 'x'.repeat(1_000))));
    rebuilding = new Rebuilding(events, [texts, counts]);
    await rebuilding.rebuild();
  });
  afterEach(() => rebuilding.drop());

  const builds = async () => (await rebuilding.builds.registry()).builds.map(({ name }) => name);
  const unharmed = async () => {
    expect(await builds()).toEqual(['texts-by-subject@1', 'counts-by-target@1']);
    expect(rebuilding.left).toEqual([]);
    const { found, problems } = (await new Operator(rebuilding).verify({}, ['texts-by-subject']))[0] ?? {};
    expect([found?.keys, problems]).toEqual([[], []]);
  };

  it('A rebuild needs about what the log takes once it is spooled, for the read models that are asked for', async () => {
    const both = await spoolSize(events, [texts, counts]);
    expect(both).toBeGreaterThan(300 * 1_000);
    expect(both).toBeLessThan(300 * 2_000);
    expect(await spoolSize(events, [{ ...texts, on: {} }])).toBe(0);
    expect(await spoolSize(new MemoryEventStore(), [texts])).toBe(0);
  });

  it('A rebuild is not begun without room for its spool files and its documents, and what is left to others', async () => {
    const refused = rebuilding.rebuild(undefined, { disk: disk(MARGIN + 0.5 * MB) });
    await expect(refused).rejects.toThrow(/磁盘空间不够：需要中间文件约 1 MB，文档约 1 MB，另留 10 MB 给别的进程，现有 11 MB。请腾出空间$/);
    await expect(refused).rejects.toMatchObject({ remedies: [{ kind: 'spool-elsewhere' }] });
    await expect(refused).rejects.toThrow(NotEnoughSpace);
    await unharmed();
    await rebuilding.rebuild(undefined, { disk: disk(MARGIN + 2 * MB) });
    expect(await builds()).toHaveLength(4);
  });

  it('A rebuild whose spool files go to another disk needs room there for them alone', async () => {
    const other = join(rebuilding.folder, 'other', 'replay');
    mkdirSync(join(rebuilding.folder, 'other'));
    const twoDisks = (folder: string): Disk => ({
      id: folder.includes('other') ? 2 : 1,
      free: MARGIN + (folder.includes('other') ? 1 : 0.6) * MB,
      margin: MARGIN,
    });
    const { workers, ...ports } = rebuilding.ports();
    const files: string[] = [];
    const watched = Object.assign(Object.create(workers), {
      spool: (...given: Parameters<typeof workers.spool>) => {
        files.push(given[1].file);
        return workers.spool(...given);
      },
    });
    await rebuilding.rebuild(undefined, { disk: twoDisks }, { ...ports, workers: watched, spool: other });
    expect(files.length).toBeGreaterThan(0);
    expect(files.every((file) => file.startsWith(other))).toBe(true);
    expect(existsSync(other)).toBe(false);
    expect(await builds()).toHaveLength(4);
  });

  it('A rebuild that is not begun for want of room leaves no folder on the other disk either', async () => {
    const other = join(rebuilding.folder, 'other', 'replay');
    mkdirSync(join(rebuilding.folder, 'other'));
    await expect(rebuilding.rebuild(undefined, { disk: disk(MARGIN) }, { ...rebuilding.ports(), spool: other })).rejects.toThrow(NotEnoughSpace);
    expect(existsSync(other)).toBe(false);
    await unharmed();
  });

  it('A rebuild ends when others would lack room, and leaves nothing', async () => {
    let looks = 0;
    const filling = (): Disk => ({ id: 1, free: ++looks > 4 ? MARGIN - 1 : MARGIN + 5 * MB, margin: MARGIN });
    await expect(rebuilding.rebuild(undefined, { disk: filling })).rejects.toThrow(/只剩 10 MB，已停止，以免影响别的进程；重建已取消，没有留下任何内容/);
    await unharmed();
  });

  it.each(['spool', 'fold'] as const)('A rebuild that finds the disk full while it is to %s leaves nothing', async (step) => {
    const { workers, ...ports } = rebuilding.ports();
    const full = Object.assign(Object.create(workers), {
      [step]: async () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
    });
    await expect(rebuilding.rebuild(undefined, {}, { ...ports, workers: full })).rejects.toThrow(/磁盘已满.*重建已取消，没有留下任何内容/);
    await unharmed();
    await rebuilding.rebuild();
    expect(await builds()).toHaveLength(4);
  });
});
