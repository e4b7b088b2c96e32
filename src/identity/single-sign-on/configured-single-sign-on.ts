import type { Settings } from '../../settings/settings.js';
import { OpenIdConnectSingleSignOn } from './openid-connect.single-sign-on.js';
import { type SingleSignOn, UnconfiguredSingleSignOn } from './single-sign-on.js';

/** 北京通 as configured by the settings. */
export function configuredSingleSignOn({ BJT_ISSUER: issuer, BJT_CLIENT_ID: clientId, BJT_CLIENT_SECRET: clientSecret }: Settings): SingleSignOn {
  if (!issuer || !clientId || !clientSecret) return new UnconfiguredSingleSignOn();
  return new OpenIdConnectSingleSignOn({ issuer, clientId, clientSecret });
}
