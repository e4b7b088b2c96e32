import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenIdConnectSingleSignOn } from '../../../src/identity/single-sign-on/openid-connect.single-sign-on.js';
import { FakePlatform, json, KEY, OTHER_KEY } from './fake-platform.js';

const CALLBACK = 'https://centre.example/login/bjt/callback';
/** Milliseconds. However busy the machine is, what is answered is answered in time. */
const TIMEOUT = 120_000;
/** For what is never answered. */
const BRIEFLY = 1_000;

let platform: FakePlatform;
let signOn: OpenIdConnectSingleSignOn;
const signOnWithin = (timeout: number) => new OpenIdConnectSingleSignOn({ issuer: platform.issuer, clientId: 'centre', clientSecret: 'a secret' }, timeout);
beforeAll(async () => {
  platform = await FakePlatform.open();
});
afterAll(() => platform.close());
beforeEach(() => {
  platform.description = {};
  platform.instead = undefined;
  signOn = signOnWithin(TIMEOUT);
});

async function begun() {
  const { address, kept } = await signOn.begin(CALLBACK);
  const { searchParams } = new URL(address);
  const query = new URLSearchParams({ code: 'c', state: searchParams.get('state') ?? '', iss: platform.issuer });
  return { asked: searchParams, kept, query, nonce: searchParams.get('nonce') ?? '' };
}

/** What becomes of a visit to whose token endpoint the test has given an answer. */
async function finished(answer: (nonce: string) => void, change: Readonly<Record<string, string>> = {}) {
  const { kept, query, nonce } = await begun();
  answer(nonce);
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  return signOn.finish(query, kept);
}

const good = (nonce: string) => platform.answerWith(platform.claims(nonce));

it('A visit uses PKCE, state and nonce, and gives name, number and level', async () => {
  const { asked } = await begun();
  expect(Object.fromEntries(asked)).toMatchObject({ response_type: 'code', client_id: 'centre', redirect_uri: CALLBACK, code_challenge_method: 'S256' });
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
  expect(await finished(good)).toEqual({ name: '张三', idNo: '11990019900101001X', level: 3 });
});

it.each([3, '3', 'L3', 'l3'])('A real-name level may be written %j', async (level) => {
  const identity = await finished((nonce) => platform.answerWith({ ...platform.claims(nonce), real_name_level: level }));
  expect(identity.level).toBe(3);
});

describe('A visit does not accept', () => {
  const failure = 'nonsense';
  const without = (nonce: string, claim: string) => {
    const { [claim]: _, ...others } = platform.claims(nonce);
    return others;
  };
  const claimed = (more: object) => (nonce: string) => platform.answerWith({ ...platform.claims(nonce), ...more });
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  it.each<[string, (nonce: string) => void]>([
    ['an ID token signed by another key', (nonce) => platform.answerWith(platform.claims(nonce), OTHER_KEY)],
    ['one signed by a key that is not named', (nonce) => platform.answerWith(platform.claims(nonce), OTHER_KEY, { kid: 'other' })],
    ['one that is not signed', (nonce) => platform.answerWithToken(`${encoded({ alg: 'none' })}.${encoded(platform.claims(nonce))}.`)],
    ['one whose signature is cut off', (nonce) => platform.answerWithToken(`${encoded({ alg: 'RS256', kid: 'k' })}.${encoded(platform.claims(nonce))}.`)],
    ['one without the nonce', (nonce) => platform.answerWith(without(nonce, 'nonce'))],
    ['one with the nonce of another visit', () => platform.answerWith(platform.claims('x'))],
    ['one of another issuer', claimed({ iss: 'https://evil.example' })],
    ['one for another client', claimed({ aud: 'other' })],
    ['one that is over', claimed({ exp: Math.floor(Date.now() / 1000) - 300 })],
    ['one without a name', (nonce) => platform.answerWith(without(nonce, 'name'))],
    ['an empty number', claimed({ id_number: ' ' })],
    ['no level', (nonce) => platform.answerWith(without(nonce, 'real_name_level'))],
    ['a level that there is not', claimed({ real_name_level: 'L5' })],
    ['a level of words', claimed({ real_name_level: 'highest' })],
    ['no ID token at all', () => (platform.token = json({ access_token: 'a', token_type: 'Bearer' }))],
    ['a page', () => (platform.token = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'))],
    ['broken JSON', () => (platform.token = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{'))],
    [
      'an answer without an end',
      () => (platform.token = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(1_000_000))),
    ],
    ['that it must go elsewhere', () => (platform.token = (_, response) => response.writeHead(302, { location: 'https://evil.example' }).end())],
    ['that the client is another', () => (platform.token = json({ error: 'invalid_client' }, 401))],
  ])('A visit does not accept %s', async (_, answer) => {
    await expect(finished(answer)).rejects.toMatchObject({ name: 'SignOnFailed', failure });
  });

  it('A visit does not accept a callback of another issuer', async () => {
    await expect(finished(good, { iss: 'https://evil.example' })).rejects.toMatchObject({ failure });
  });

  it('A visit does not accept a callback without an issuer, where the metadata promise one', async () => {
    const { kept, query, nonce } = await begun();
    good(nonce);
    query.delete('iss');
    await expect(signOn.finish(query, kept)).rejects.toMatchObject({ failure });
  });

  it('A visit does not accept a platform with another name in its metadata', async () => {
    platform.description = { issuer: 'https://evil.example' };
    await expect(signOn.begin(CALLBACK)).rejects.toMatchObject({ failure });
  });

  it('A visit does not accept an HMAC made with the public key, or with the client’s secret', async () => {
    const { createHmac, createPublicKey } = await import('node:crypto');
    for (const secret of [String(createPublicKey(KEY).export({ type: 'spki', format: 'pem' })), 'a secret']) {
      const answer = (nonce: string) => {
        const text = `${encoded({ alg: 'HS256', kid: 'k' })}.${encoded(platform.claims(nonce))}`;
        platform.answerWithToken(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`);
      };
      await expect(finished(answer)).rejects.toMatchObject({ failure });
    }
  });
});

it.each([
  ['another state', { state: 'x' }, 'stale'],
  ['an empty state', { state: '' }, 'stale'],
  ['a person who did not agree', { error: 'access_denied' }, 'denied'],
  ['a platform that is overloaded', { error: 'temporarily_unavailable' }, 'unavailable'],
  ['an error that nobody knows', { error: 'surprise' }, 'nonsense'],
])('A visit ends with a named failure after %s', async (_, change, failure) => {
  await expect(finished(good, change)).rejects.toMatchObject({ failure });
});

it('A visit ends with the failure stale after a code that was used before', async () => {
  const used = () => (platform.token = json({ error: 'invalid_grant' }, 400));
  await expect(finished(used)).rejects.toMatchObject({ failure: 'stale' });
});

describe('A visit waits for a limited time when the platform answers with', () => {
  const never = () => undefined;
  const half = (_: unknown, response: { write(text: string): unknown }) => void response.write('{"access_token":');

  it.each([
    ['no answer', never],
    ['half of a body', half],
    ['an error', json({ error: 'server_error' }, 500)],
    ['too many requests', json({}, 429)],
  ])('A visit waits for a limited time when the platform answers with %s', async (_, answer) => {
    signOn = signOnWithin(BRIEFLY);
    await expect(finished(() => (platform.token = answer))).rejects.toMatchObject({ failure: 'unavailable' });
    platform.instead = answer;
    await expect(signOn.begin(CALLBACK)).rejects.toMatchObject({ failure: 'unavailable' });
  });

  it('A visit waits for a limited time when the platform answers with a failure, and reads the metadata again afterwards', async () => {
    platform.instead = json({}, 503);
    await expect(signOn.begin(CALLBACK)).rejects.toMatchObject({ failure: 'unavailable' });
    platform.instead = undefined;
    expect(await finished(good)).toMatchObject({ name: '张三' });
  });
});
