import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { type ClientMetadata, errors, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { abortableDelay } from '../../src/kernel/abortable-delay.js';
import { InMemoryAdapter } from './in-memory-adapter.js';
import { chosen, type KnownPerson, type Persona, personaOf } from './persona.js';
import { choicePage, entrancePage, messagePage } from './phone-page.js';
import type { SandboxState } from './sandbox-state.js';

/** The centre's callback, on any of its hosts. */
const CALLBACK = '/login/bjt/callback';
const CHOOSE = '/choose/';
const SESSION = 'sandbox-bjt';
/** Seconds. */
const SHORT = 600;
/** The delay of a slow platform, in milliseconds. */
const SLOW = 60_000;
const LARGEST_FORM = 8 * 1024;
const MOST_VISITORS = 10_000;

export interface ProviderPorts {
  readonly issuer: string;
  readonly client: string;
  readonly kept: SandboxState;
  readonly people: () => readonly KnownPerson[];
  /** The centre's address, once it is known. */
  readonly centre: () => string | undefined;
  /** Ends delayed answers. */
  readonly signal: AbortSignal;
}

/** The provider, which asks by the phone page who signs in. */
export function providerOf({ issuer, client, kept, people, centre: placeOfCentre, signal }: ProviderPorts): Provider {
  const visitors = new LRUCache<string, Persona>({ max: MOST_VISITORS });
  const centre: ClientMetadata = {
    client_id: client,
    client_secret: kept.clientSecret,
    redirect_uris: [`http://centre.invalid${CALLBACK}`], // the actual address is checked below
    response_types: ['code'],
    grant_types: ['authorization_code'],
  };
  const provider = new Provider(issuer, {
    adapter: InMemoryAdapter,
    clients: [centre],
    jwks: { keys: [{ ...kept.key, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [kept.cookieKey], names: { session: SESSION, interaction: `${SESSION}-visit`, resume: `${SESSION}-resume` } },
    features: { devInteractions: { enabled: false }, userinfo: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    claims: { openid: ['sub'], real_name: ['name', 'id_number', 'real_name_level'] },
    scopes: ['openid', 'real_name'],
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    ttl: { AccessToken: SHORT, AuthorizationCode: 60, Grant: SHORT, IdToken: SHORT, Interaction: SHORT, Session: SHORT },
    interactions: { policy: askEachTime(), url: (_, { uid }) => `${CHOOSE}${uid}` },
    findAccount: (_, id) => {
      const persona = visitors.get(id);
      const claims = persona && { sub: id, name: persona.name, id_number: persona.idNo, real_name_level: `L${persona.level}` };
      return claims && { accountId: id, claims: () => claims };
    },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: client, accountId: oidc.account?.accountId ?? '' });
      grant.addOIDCScope('openid real_name');
      await grant.save();
      return grant;
    },
    renderError: (ctx) => {
      page(ctx, messagePage('这个请求有误'), undefined);
    },
  });
  provider.Client.prototype.redirectUriAllowed = (address: string) => URL.canParse(address) && new URL(address).pathname === CALLBACK;
  provider.use((ctx, next) => {
    if (ctx.path.startsWith('/auth')) forgetSession(ctx.req);
    return next();
  });
  provider.use(async (ctx, next) => {
    if (ctx.path === '/') return page(ctx, entrancePage(placeOfCentre(), people()), undefined);
    if (!ctx.path.startsWith(CHOOSE)) return next();
    const { params, uid } = await provider.interactionDetails(ctx.req, ctx.res).catch(() => ({ params: undefined, uid: undefined }));
    if (!params || uid !== ctx.path.slice(CHOOSE.length)) {
      ctx.status = 400;
      return page(ctx, messagePage('这次登录已经失效'), undefined);
    }
    if (ctx.method === 'GET') return page(ctx, choicePage(people()), String(params.redirect_uri));
    const form = chosen.safeParse(Object.fromEntries(await formOf(ctx.req)));
    const persona = form.data && personaOf(form.data, people());
    if (!form.success || !persona) {
      ctx.status = 422;
      return page(ctx, choicePage(people()), String(params.redirect_uri));
    }
    const accountId = randomUUID();
    visitors.set(accountId, persona);
    const result =
      form.data.do === 'deny' ? { error: 'access_denied', error_description: 'the person did not agree' } : { login: { accountId, remember: false } };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
    ctx.status = 303;
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== '/token' || ctx.status !== 200) return;
    switch (visitors.get(ctx.oidc.account?.accountId ?? '')?.fault) {
      case 'error':
        ctx.status = 503;
        ctx.body = '';
        break;
      case 'slow':
        await abortableDelay(signal, SLOW);
        break;
      case 'nonsense':
        ctx.type = 'html';
        ctx.body = '<p>欢迎</p>';
        break;
    }
  });
  return provider;
}

/** No session is kept: each sign-in begins with the page. */
function askEachTime(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const { checks } = policy.get('login') ?? {};
  checks?.clear();
  checks?.add(new interactionPolicy.Check('choose', 'somebody is to be chosen', ({ oidc }) => !oidc.result?.login));
  return policy;
}

/** An earlier sign-in is ignored; the provider would ask to sign it out first. */
function forgetSession({ headers }: IncomingMessage): void {
  const others = headers.cookie?.split('; ').filter((cookie) => !cookie.startsWith(`${SESSION}=`) && !cookie.startsWith(`${SESSION}.`));
  headers.cookie = others?.join('; ');
}

/** @param leadsTo the address to which the form redirects, which form-action has to allow too */
function page(ctx: Pick<KoaContextWithOIDC, 'set' | 'type' | 'body'>, html: string, leadsTo: string | undefined): void {
  const target = leadsTo ? ` ${new URL(leadsTo).origin}` : '';
  ctx.set('content-security-policy', `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${target}; base-uri 'none'; frame-ancestors 'none'`);
  ctx.set('cache-control', 'no-store');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.type = 'html';
  ctx.body = html;
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > LARGEST_FORM) throw new errors.InvalidRequest('the form is too large');
    pieces.push(piece);
  }
  return new URLSearchParams(Buffer.concat(pieces).toString());
}
