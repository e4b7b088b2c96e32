import { beforeAll, describe, expect, it } from '@jest/globals';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { hashPassword, Passwords } from '../../src/identity/passwords.js';

const passwords = new Passwords();
beforeAll(() => passwords.onModuleInit());

describe('a password', () => {
  it('is kept as argon2id with the costs that are set', async () => {
    expect(await hashPassword('密码 Tr0ub4dor')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('is known again from argon2id', async () => {
    const kept = await hashPassword('密码 Tr0ub4dor');
    expect(await passwords.verify(kept, '密码 Tr0ub4dor')).toBe(true);
    expect(await passwords.verify(kept, '密码 Tr0ub4dor ')).toBe(false);
  });

  it.each(['2a', '2b', '2y'] as const)('is known again from bcrypt %s', async (version) => {
    // for passwords as short as this the versions differ in their name only
    const kept = (await bcrypt('secret', 4)).replace(/^\$2[a-z]\$/, `$$${version}$$`);
    expect(kept.startsWith(`$${version}$`)).toBe(true);
    expect(await passwords.verify(kept, 'secret')).toBe(true);
    expect(await passwords.verify(kept, 'Secret')).toBe(false);
  });

  it('is none where none is kept, not even the empty one', async () => {
    expect(await passwords.verify(undefined, '')).toBe(false);
    expect(await passwords.verifyNothing('')).toBe(false);
  });

  it('is none when it is longer than any', async () => {
    const long = 'x'.repeat(1_001);
    expect(await passwords.verify(await hashPassword(long), long)).toBe(false);
  });
});
