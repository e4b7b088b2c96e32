import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';

/** What a platform answers to one request; nothing is answered where it is never called. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

export const json = (said: unknown, status = 200): Answering => {
  return (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
};

export const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
export const OTHER_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** An OpenID Connect provider that says whatever a test wants, true or not. */
export class FakePlatform {
  /** Answers the token endpoint. */
  token: Answering = json({});
  /** Of its description of itself what is other than usual. */
  description: Readonly<Record<string, unknown>> = {};
  /** Instead of all answers. */
  instead: Answering | undefined;

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async open(): Promise<FakePlatform> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const platform = new FakePlatform(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => platform.answer(request, response));
    return platform;
  }

  /** The claims of a good ID token for a visit with this nonce. */
  claims(nonce: string): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    const person = { name: '张三', id_number: '11990019900101001X', real_name_level: 'L3' };
    return { iss: this.issuer, aud: 'centre', sub: 'someone', iat: now, exp: now + 300, nonce, ...person };
  }

  /** Answers the token endpoint with an ID token. */
  answerWith(claims: object, key: KeyObject = KEY, header: object = { alg: 'RS256', kid: 'k' }): void {
    this.answerWithToken(jwt.sign(claims, key, { header: { alg: 'RS256', ...header } }));
  }

  answerWithToken(token: string): void {
    this.token = json({ access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: token });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    (this.instead ?? this.usual(request.url))(request, response);
  }

  private usual(path: string | undefined): Answering {
    if (path === '/token') return this.token;
    if (path === '/jwks') return json({ keys: [{ ...createPublicKey(KEY).export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] });
    const { issuer } = this;
    const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` };
    return json({ issuer, ...endpoints, response_types_supported: ['code'], authorization_response_iss_parameter_supported: true, ...this.description });
  }
}
