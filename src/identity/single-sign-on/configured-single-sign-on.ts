import type { Settings } from '../../settings/settings.js';
import { type SingleSignOn, UnconfiguredSingleSignOn } from './single-sign-on.js';

/** 北京通 as configured by the settings. */
export async function configuredSingleSignOn({
  BJT_ISSUER: issuer,
  BJT_CLIENT_ID: clientId,
  BJT_CLIENT_SECRET: clientSecret,
}: Settings): Promise<SingleSignOn> {
  if (!issuer || !clientId || !clientSecret) return new UnconfiguredSingleSignOn();
  const { OpenIdConnectSingleSignOn } = await import('./openid-connect.single-sign-on.js');
  return new OpenIdConnectSingleSignOn({ issuer, clientId, clientSecret });
}
