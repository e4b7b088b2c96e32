import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { returnAddress } from '../../../src/identity/sign-in/return-address.js';

describe('An address to return to after login', () => {
  it.each(['/center', '/center/results?tab=passed', '/center/bills/20261122001', '/center?code=06090', '/center/courses?code=%E8%AE%BA%E6%96%87'])(
    'An address to return to after login may be %s',
    (address) => expect(returnAddress(address)).toBe(address),
  );

  it.each([
    'https://evil.example/center',
    '//evil.example/center',
    '/\\evil.example',
    '\\/evil.example',
    '/center/../login',
    '/center/%2e%2e/logout',
    '/centerfold',
    '/center@evil.example',
    'javascript:alert(1)',
    '/login',
    '/office/candidates',
    '/center//evil.example',
    '',
    `/center/${'x'.repeat(600)}`,
  ])('An address to return to after login is not %s', (address) => expect(returnAddress(address)).toBeUndefined());

  it('An address to return to after login is not anything but text', () => {
    expect(returnAddress(undefined)).toBeUndefined();
    expect(returnAddress(['/center', '/center'])).toBeUndefined();
    expect(returnAddress({ length: 3 })).toBeUndefined();
  });

  it('An address to return to after login is one of the centre’s, whatever is asked for', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.webPath(),
          fc.string().map((text) => `/center${text}`),
          fc.string().map((text) => `/center/${text}`),
        ),
        (asked) => {
          const address = returnAddress(asked);
          if (address === undefined) return;
          const { origin, pathname } = new URL(address, 'https://centre.example');
          expect(origin).toBe('https://centre.example');
          expect(pathname === '/center' || pathname.startsWith('/center/')).toBe(true);
          expect(address).toMatch(/^[\x21-\x7e]+$/);
        },
      ),
      { numRuns: 2_000 },
    ));
});
