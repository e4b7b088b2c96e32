import { afterAll, beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { TestCentre } from '../../centre.js';
import { readQrCode } from '../../qr-code.js';

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
});
afterAll(() => centre.close());

/** What a phone reads from the code at an address. */
async function scanned(at: TestCentre, headers: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  const { statusCode, headers: answered, rawPayload } = await at.application.inject({ url: '/entry.svg', headers });
  expect([statusCode, answered['content-type']]).toEqual([200, 'image/svg+xml']);
  return readQrCode(sharp(rawPayload).resize(480).flatten({ background: '#fff' }));
}

it('The QR code has the address at which it was requested, and nothing else', async () => {
  expect(await scanned(centre, { host: 'zikao.example:8080' })).toBe('http://zikao.example:8080/');
});

it('The QR code has the public address where one is set', async () => {
  const other = await TestCentre.open(undefined, { PUBLIC_URL: 'https://zikao.example.org/' });
  try {
    expect(await scanned(other, { host: 'inner:3000' })).toBe('https://zikao.example.org/');
  } finally {
    await other.close();
  }
});

it('The QR code is on the login page', async () => {
  const { $ } = await centre.ask('/login');
  expect($('.scan source').attr('srcset')).toBe('/entry.svg');
  expect($('.scan').text()).toContain('扫码进入');
});
