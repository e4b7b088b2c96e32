import { describe, expect, it } from '@jest/globals';
import { networkOf, plainAddress } from '../../../src/identity/throttling/network.js';

describe('The network of a client', () => {
  it.each([
    ['203.0.113.10', '203.0.113.10:51001'],
    ['203.0.113.10:1', '203.0.113.10:51001'],
    ['203.0.113.10', '::ffff:203.0.113.10'],
    ['203.0.113.10', '[::ffff:203.0.113.10]:443'],
    ['203.0.113.10', '::ffff:cb00:710a'],
    ['[2001:db8:1:2::9]:51001', '2001:db8:1:2::9'],
    ['[2001:db8:1:2::9]', '2001:db8:1:2:ffff::1'],
    ['fe80::1%eth0', 'fe80::2'],
    ['2001:DB8::1', '2001:db8:0:0:1::1'],
    [' 203.0.113.10', '203.0.113.10'],
  ])('The network of a client is one for %s and %s', (one, other) => {
    expect(networkOf(one)).toBe(networkOf(other));
  });

  it.each([
    ['203.0.113.10', '203.0.113.11'],
    ['203.0.113.10:80', '203.0.113.1:080'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1::', '2001:db8:0:1::1'],
    ['unknown', '203.0.113.10'],
  ])('The network of a client is not one for %s and %s', (one, other) => {
    expect(networkOf(one)).not.toBe(networkOf(other));
  });
});

describe('The address of a client as it is recorded', () => {
  it.each([
    ['203.0.113.10:51001', '203.0.113.10'],
    ['[2001:db8:0:0::1]:443', '2001:db8::1'],
    ['::ffff:203.0.113.10', '203.0.113.10'],
    ['fe80::1%eth0', 'fe80::1'],
    ['unknown', 'unknown'],
    ['203.0.113.256', '203.0.113.256'],
    ['0x7f.1', '0x7f.1'],
    ['x'.repeat(200), 'x'.repeat(100)],
  ])('The address of the client %s is recorded as %s', (written, plain) => {
    expect(plainAddress(written)).toBe(plain);
  });
});
