import { beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { HashingQueue, TooBusy } from '../../../src/identity/passwords/hashing-queue.js';
import { hashPassword } from '../../../src/identity/passwords/password-hash.js';
import { Passwords } from '../../../src/identity/passwords/passwords.js';

const passwords = new Passwords();
beforeAll(() => passwords.onModuleInit());

const argon2id = (password: string, memoryCost: number, timeCost: number) => hash(password, { memoryCost, timeCost, parallelism: 1 });

describe('A password', () => {
  it('A password is kept as argon2id with the costs that are set', async () => {
    expect(await hashPassword('密码 Tr0ub4dor')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('A password is recognised by its argon2id hash', async () => {
    const kept = await hashPassword('密码 Tr0ub4dor');
    expect(await passwords.verify(kept, '密码 Tr0ub4dor')).toBe('right');
    expect(await passwords.verify(kept, '密码 Tr0ub4dor ')).toBe('wrong');
  });

  it.each(['2a', '2b', '2y'] as const)('A password is recognised by a bcrypt hash %s, which is to be replaced', async (version) => {
    // for passwords as short as this the versions differ in their name only
    const kept = (await bcrypt('secret', 4)).replace(/^\$2[a-z]\$/, `$$${version}$$`);
    expect(kept.startsWith(`$${version}$`)).toBe(true);
    expect(await passwords.verify(kept, 'secret')).toBe('outdated');
    expect(await passwords.verify(kept, 'Secret')).toBe('wrong');
  });

  it.each([
    ['weaker', 1_024, 2, 'outdated'],
    ['fewer rounds', 19_456, 1, 'outdated'],
    ['stronger', 20_000, 3, 'right'],
    ['one round over more memory', 47_104, 1, 'right'],
  ])('A password under argon2id with %s costs is right: %d KiB, %d rounds', async (_, memory, rounds, verdict) => {
    expect(await passwords.verify(await argon2id('secret', memory, rounds), 'secret')).toBe(verdict);
  });

  it('A password is the same however a keyboard writes its characters', async () => {
    const kept = await hashPassword('Ａｎｇｓｔröm　密码');
    for (const typed of ['Angstr\u00f6m 密码', 'Angstro\u0308m 密码', 'Ａｎｇｓｔröm　密码']) {
      expect(await passwords.verify(kept, typed)).toBe('right');
    }
  });

  it('A password that was hashed as it was typed is still recognised, and is to be replaced', async () => {
    const typed = 'ｐａｓｓ　word'; // full width, of an account brought along
    const kept = await argon2id(typed, 19_456, 2);
    expect(await passwords.verify(kept, typed)).toBe('outdated');
    expect(await passwords.verify(kept, 'pass word')).toBe('wrong');
  });

  it('A password is wrong where none is stored, even the empty one', async () => {
    expect(await passwords.verify(undefined, '')).toBe('wrong');
  });

  it('A password is wrong when it is longer than any password can be', async () => {
    const long = 'x'.repeat(1_001);
    expect(await passwords.verify(await hashPassword(long), long)).toBe('wrong');
  });
});

describe('The hashing queue', () => {
  /** Work that ends when it is told to. */
  const works = () => {
    const done: (() => void)[] = [];
    let begun = 0;
    const work = () => {
      begun += 1;
      return new Promise<void>((resolve) => done.push(resolve));
    };
    return { work, end: () => done.shift()?.(), begun: () => begun };
  };
  const turn = () => new Promise(setImmediate);

  it('The hashing queue runs a few pieces of work at the same time, the others in their order', async () => {
    const queue = new HashingQueue(2, 10);
    const { work, end, begun } = works();
    const ended: number[] = [];
    const all = [1, 2, 3, 4].map((each) => queue.run(work).then(() => ended.push(each)));
    expect([begun(), queue.pending, queue.idle]).toEqual([2, 4, false]);
    end();
    await turn();
    expect([begun(), queue.pending]).toEqual([3, 3]);
    for (let left = 0; left < 3; left++) {
      end();
      await turn();
    }
    await Promise.all(all);
    expect([begun(), queue.pending, queue.idle, ended]).toEqual([4, 0, true, [1, 2, 3, 4]]);
  });

  it('The hashing queue rejects work beyond its limit before anything begins, with the seconds after which to retry', async () => {
    const queue = new HashingQueue(1, 2);
    const { work, end, begun } = works();
    const all = [1, 2, 3].map(() => queue.run(work));
    await expect(queue.run(work)).rejects.toMatchObject({ name: 'TooBusy', seconds: 2 });
    expect(() => queue.assertRoom()).toThrow(TooBusy);
    for (let left = 0; left < 3; left++) {
      end();
      await turn();
    }
    await Promise.all(all);
    expect(begun()).toBe(3);
    expect(() => queue.assertRoom()).not.toThrow();
  });

  it('The hashing queue continues after work that fails', async () => {
    const queue = new HashingQueue(1, 2);
    const failing = queue.run(() => Promise.reject(new Error('no memory')));
    const after = queue.run(async () => 'done');
    await expect(failing).rejects.toThrow('no memory');
    expect(await after).toBe('done');
  });
});
