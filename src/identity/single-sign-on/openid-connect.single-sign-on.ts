import * as client from 'openid-client';
import { z } from 'zod';
import { type AuthorizationRequest, type Identity, SignOnFailed, type SignOnFailure, SingleSignOn } from './single-sign-on.js';

export interface OpenIdClient {
  /** The platform's issuer identifier, an address. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Milliseconds for each call of the platform, until the last byte of the answer. */
const TIMEOUT = 4_000;
/** Bytes; a longer answer is rejected. */
const MAX_ANSWER = 256 * 1024;
/** Seconds by which the platform's clock may differ from ours. */
const CLOCK_TOLERANCE = 60;
/** Name, number and level come with the platform's own scope. */
const SCOPE = 'openid real_name';

const keptOfVisit = z.object({ callback: z.url(), state: z.string(), nonce: z.string(), verifier: z.string() });

/** The ID token's claims about the person; the level is `L3`, `3` or 3. */
const personalClaims = z.object({
  name: z.string().trim().min(1).max(100),
  id_number: z.string().trim().min(5).max(40),
  real_name_level: z
    .union([z.string(), z.number()])
    .transform((level) => Number(String(level).replace(/^L/i, '')))
    .pipe(z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])),
});

/** Error codes that mean that the person did not continue (RFC 6749; OpenID Connect Core, 3.1.2.6). */
const DENIALS = ['access_denied', 'login_required', 'interaction_required', 'consent_required', 'account_selection_required'];
const TEMPORARY_ERRORS = ['server_error', 'temporarily_unavailable'];

/** The platform did not answer, or with 429 or 5xx. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** OpenID Connect's code flow with PKCE, state and nonce. The ID token's signature is checked as well. */
export class OpenIdConnectSingleSignOn extends SingleSignOn {
  override readonly isOffered = true;
  private discovering: Promise<client.Configuration> | undefined;

  constructor(
    private readonly settings: OpenIdClient,
    private readonly timeout = TIMEOUT,
  ) {
    super();
  }

  override async begin(callback: string): Promise<AuthorizationRequest> {
    const configuration = await this.discovered();
    const visit = { callback, state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() };
    const address = client.buildAuthorizationUrl(configuration, {
      scope: SCOPE,
      redirect_uri: callback,
      state: visit.state,
      nonce: visit.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(visit.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, state: visit.state, kept: JSON.stringify(visit) };
  }

  override async finish(query: URLSearchParams, kept: string): Promise<Identity> {
    const { callback, state, nonce, verifier } = keptOfVisit.parse(JSON.parse(kept));
    if (query.getAll('state').length !== 1 || query.get('state') !== state) throw new SignOnFailed('stale', 'state');
    const configuration = await this.discovered();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const came = new URL(callback);
    came.search = query.toString();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, came, checks);
      const read = personalClaims.safeParse(tokens.claims());
      if (!read.success) throw new SignOnFailed('nonsense', 'claims');
      return { name: read.data.name, idNo: read.data.id_number, level: read.data.real_name_level };
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** The platform's metadata, read at the first use, and again after a failure. */
  private async discovered(): Promise<client.Configuration> {
    const discovering = this.discovering ?? this.discover();
    this.discovering = discovering;
    try {
      return await discovering;
    } catch (error) {
      throw this.failed(error);
    }
  }

  private async discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const server = new URL(issuer);
    const metadata = { [client.clockTolerance]: CLOCK_TOLERANCE };
    return client.discovery(server, clientId, metadata, client.ClientSecretBasic(clientSecret), {
      execute: [client.enableNonRepudiationChecks, ...(server.protocol === 'http:' ? [client.allowInsecureRequests] : [])],
      [client.customFetch]: (address, options) => this.fetch(address, options),
    });
  }

  /** Reads the whole answer, within the timeout and the maximum size. */
  private async fetch(address: string, { signal: _, ...options }: client.CustomFetchOptions): Promise<Response> {
    try {
      const answer = await fetch(address, { ...(options as RequestInit), signal: AbortSignal.timeout(this.timeout) });
      const bytes = await bytesOf(answer);
      if (answer.status >= 500 || answer.status === 429) throw new NoAnswer(`status ${answer.status}`);
      return new Response(bytes.length > 0 ? bytes : null, { status: answer.status, headers: answer.headers });
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof SignOnFailed) throw error;
      throw new NoAnswer('no answer', { cause: error });
    }
  }

  private failed(error: unknown): SignOnFailed {
    const known = causes(error).find((cause) => cause instanceof SignOnFailed || cause instanceof NoAnswer);
    const failed =
      known instanceof SignOnFailed ? known : new SignOnFailed(known ? 'unavailable' : failureOf(error), reasonOf(known ?? error), { cause: error });
    // the platform's metadata may have changed
    if (failed.failure === 'unavailable' || failed.failure === 'nonsense') this.discovering = undefined;
    return failed;
  }
}

function failureOf(error: unknown): SignOnFailure {
  if (error instanceof client.AuthorizationResponseError) {
    if (DENIALS.includes(error.error)) return 'denied';
    return TEMPORARY_ERRORS.includes(error.error) ? 'unavailable' : 'nonsense';
  }
  // the code was used before, or has expired
  if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') return 'stale';
  return 'nonsense';
}

/** Not the error's message, which may quote personal data. */
function reasonOf(error: unknown): string {
  if (error instanceof NoAnswer) return error.message;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';
}

function causes(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

async function bytesOf(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > MAX_ANSWER) throw new SignOnFailed('nonsense', 'too much');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
