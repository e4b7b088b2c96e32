import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SessionKeys } from '../../identity/sessions/session-keys.js';
import { Clock } from '../../kernel/clock.js';
import { log } from '../../kernel/log.js';
import { Config } from '../../settings/settings.js';
import { decrypt, encrypt } from '../../vault/aes.js';
import { baseUrl } from '../../web/base-url.js';
import type { OfficerAccount } from '../officers/officer.decider.js';
import type { FactorProof, Passkey } from '../officers/officers.events.js';

const ATTRIBUTES = { path: '/office', httpOnly: true, sameSite: 'strict' } as const;
/** Milliseconds for which a challenge is valid. */
const LIFETIME = 5 * 60_000;
const MAX_COOKIE = 1_000;

const challenges = z.object({ account: z.string(), challenge: z.string(), issued: z.number() });
type Challenge = z.infer<typeof challenges>;

/** What a browser sends of a passkey; the library looks at what is in `response`. */
const answer = z.looseObject({
  id: z.string(),
  rawId: z.string(),
  type: z.literal('public-key'),
  response: z.looseObject({}),
  clientExtensionResults: z.looseObject({}),
});

/** A passkey for a challenge that was issued then, in milliseconds since the epoch. */
interface NewPasskey {
  readonly passkey: Passkey;
  readonly issued: number;
}

/** Passkeys 通行密钥 (WebAuthn): the options for the browser's own API, and what it answers. A challenge is in an encrypted cookie. */
@Injectable()
export class PasskeyCeremony {
  private readonly cookie: string;

  constructor(
    private readonly config: Config,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
  ) {
    this.cookie = config.secure ? '__Secure-office-passkey' : 'office-passkey';
  }

  /** Options for a new passkey as JSON; undefined where the centre is reached by an address without a name, for which there are none. */
  async optionsForNew(request: FastifyRequest, reply: FastifyReply, account: string, { passkeys }: OfficerAccount): Promise<string | undefined> {
    const rpID = this.host(request);
    if (rpID === undefined) return undefined;
    const { generateRegistrationOptions } = await import('@simplewebauthn/server');
    const options = await generateRegistrationOptions({
      rpName: '自考个人中心管理端',
      rpID,
      userName: account,
      attestationType: 'none',
      excludeCredentials: [...passkeys.keys()].map((id) => ({ id })),
      authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
      timeout: LIFETIME,
    });
    this.begin(reply, account, options.challenge);
    return JSON.stringify(options);
  }

  /** The passkey that a browser made for the options, and when these were issued; undefined for anything else. */
  async made(request: FastifyRequest, account: string, typed: string): Promise<NewPasskey | undefined> {
    return this.answered<RegistrationResponseJSON, NewPasskey>(request, account, typed, async (response, expected, issued) => {
      const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
      const { registrationInfo } = await verifyRegistrationResponse({
        ...expected,
        response,
        requireUserVerification: true,
      });
      if (!registrationInfo) return undefined;
      const { id, publicKey, counter } = registrationInfo.credential;
      return { passkey: { passkey: id, key: Buffer.from(publicKey).toString('base64url'), counter }, issued };
    });
  }

  /** Options for proving one of the account's passkeys, as JSON; undefined where there is none. */
  async optionsForProof(request: FastifyRequest, reply: FastifyReply, account: string, { passkeys }: OfficerAccount): Promise<string | undefined> {
    const rpID = this.host(request);
    if (rpID === undefined || passkeys.size === 0) return undefined;
    const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
    const allowCredentials = [...passkeys.keys()].map((id) => ({ id }));
    const options = await generateAuthenticationOptions({ rpID, allowCredentials, userVerification: 'required', timeout: LIFETIME });
    this.begin(reply, account, options.challenge);
    return JSON.stringify(options);
  }

  /** What a browser's answer proves; undefined when nothing. Whether the challenge was answered before is for the decider. */
  async proved(request: FastifyRequest, account: string, { passkeys }: OfficerAccount, typed: string): Promise<FactorProof | undefined> {
    return this.answered<AuthenticationResponseJSON, FactorProof>(request, account, typed, async (response, expected, issued) => {
      const known = passkeys.get(response.id);
      if (!known) return undefined;
      const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        ...expected,
        response,
        credential: { id: response.id, publicKey: new Uint8Array(Buffer.from(known.key, 'base64url')), counter: known.counter },
        requireUserVerification: true,
      });
      return verified ? { passkey: response.id, counter: authenticationInfo.newCounter, issued } : undefined;
    });
  }

  private async answered<Answer extends { readonly id: string }, T>(
    request: FastifyRequest,
    account: string,
    typed: string,
    verify: (
      response: Answer,
      expected: { readonly expectedChallenge: string; readonly expectedOrigin: string; readonly expectedRPID: string },
      issued: number,
    ) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const challenge = this.challengeOf(request, account);
    const rpID = this.host(request);
    const response = parsed(typed);
    if (!challenge || rpID === undefined || !isAnswer<Answer>(response)) return undefined;
    const expected = { expectedChallenge: challenge.challenge, expectedOrigin: new URL(baseUrl(this.config, request)).origin, expectedRPID: rpID };
    try {
      return await verify(response, expected, challenge.issued);
    } catch (error) {
      log.info({ request: request.id, reason: (error as Error).message }, 'a passkey was refused'); // the library throws at whatever is not as it must be
      return undefined;
    }
  }

  private begin(reply: FastifyReply, account: string, challenge: string): void {
    const text: Challenge = { account, challenge, issued: this.clock.now().getTime() };
    const value = encrypt(this.keys.officeEntry, this.cookie, Buffer.from(JSON.stringify(text))).toString('base64url');
    reply.setCookie(this.cookie, value, { ...ATTRIBUTES, maxAge: LIFETIME / 1000 });
  }

  private challengeOf(request: FastifyRequest, account: string): Challenge | undefined {
    const value = request.cookies[this.cookie] ?? '';
    if (value === '' || value.length > MAX_COOKIE) return undefined;
    const challenge = challenges.safeParse(this.opened(value)).data;
    const age = challenge ? this.clock.now().getTime() - challenge.issued : -1;
    return challenge?.account === account && age >= 0 && age < LIFETIME ? challenge : undefined;
  }

  private opened(value: string): unknown {
    try {
      return JSON.parse(decrypt(this.keys.officeEntry, this.cookie, Buffer.from(value, 'base64url')).toString());
    } catch {
      return undefined; // forged, or encrypted with another secret
    }
  }

  /** The host's name, to which passkeys are bound. */
  private host(request: FastifyRequest): string | undefined {
    const { hostname } = new URL(baseUrl(this.config, request));
    return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined;
  }
}

function isAnswer<Answer>(value: unknown): value is Answer {
  return answer.safeParse(value).success;
}

function parsed(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    return undefined; // not what a browser sends
  }
}
