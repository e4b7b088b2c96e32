import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { commandProviders } from '../event-store/command-providers.js';
import { EventStore } from '../event-store/event-store.js';
import { Clock } from '../kernel/clock.js';
import { providerOf } from '../kernel/provider.js';
import { PeerProcesses } from '../processes/peer-processes.js';
import { ReadModels } from '../read-models/read-models.js';
import { Config } from '../settings/settings.js';
import { identityHandlers } from './identity.handlers.js';
import { PasswordPage } from './passwords/password.page.js';

import { PasswordProgress } from './passwords/password-progress.js';
import { PasswordUpgrades } from './passwords/password-upgrades.js';
import { Passwords } from './passwords/passwords.js';
import { ResetPage } from './passwords/reset.page.js';
import { ResetProofs } from './passwords/reset-proofs.js';
import { AccessLevels } from './sessions/access-levels.js';
import { AccountPage } from './sessions/account.page.js';
import { EndedSessions } from './sessions/ended-sessions.js';
import { LogoutPage } from './sessions/logout.page.js';
import { OtherSessions } from './sessions/other-sessions.js';
import { SessionApi } from './sessions/session.api.js';
import { SessionGuard } from './sessions/session.guard.js';
import { SessionStrategy } from './sessions/session.strategy.js';
import { SessionEnder } from './sessions/session-ender.js';
import { SessionKeys } from './sessions/session-keys.js';
import { Sessions } from './sessions/sessions.js';
import { SessionsPage } from './sessions/sessions.page.js';
import { Accounts } from './sign-in/accounts.js';
import { FailedSignIns } from './sign-in/failed-sign-ins.js';
import { KnownBrowsers } from './sign-in/known-browsers.js';
import { LoginPage } from './sign-in/login.page.js';
import { LoginOutcomes } from './sign-in/login-outcomes.js';
import { QrCodePage } from './sign-in/qr-code.page.js';
import { RecordedSessions } from './sign-in/recorded-sessions.js';
import { SignInState } from './sign-in/sign-in-state.js';
import { configuredSingleSignOn } from './single-sign-on/configured-single-sign-on.js';
import { SingleSignOn } from './single-sign-on/single-sign-on.js';
import { SingleSignOnPage } from './single-sign-on/single-sign-on.page.js';
import { SingleSignOnOutcomes } from './single-sign-on/single-sign-on-outcomes.js';
import { FailureRate } from './throttling/failure-rate.js';
import { LoginRateLimiter } from './throttling/login-rate-limiter.js';
import { RateLimitStore } from './throttling/rate-limit-store.js';

const singleSignOn = { provide: SingleSignOn, useFactory: ({ settings }: Config) => configuredSingleSignOn(settings), inject: [Config] };

@Module({
  controllers: [QrCodePage, LoginPage, SingleSignOnPage, LogoutPage, SessionApi, AccountPage, PasswordPage, ResetPage, SessionsPage],
  providers: [
    providerOf(Passwords, []),
    PasswordUpgrades,
    PasswordProgress,
    providerOf(SessionEnder, [EventStore, ReadModels, Clock, Config]),
    OtherSessions,
    ResetProofs,
    Accounts,
    providerOf(FailureRate, []),
    providerOf(LoginRateLimiter, [Clock, SessionKeys, RateLimitStore, FailureRate]),
    KnownBrowsers,
    FailedSignIns,
    LoginOutcomes,
    RecordedSessions,
    singleSignOn,
    SingleSignOnOutcomes,
    SignInState,
    PeerProcesses,
    providerOf(SessionKeys, [Config]),
    SessionStrategy,
    AccessLevels,
    EndedSessions,
    Sessions,
    { provide: APP_GUARD, useClass: SessionGuard },
    ...commandProviders(identityHandlers),
  ],
  exports: [SessionKeys, Sessions, Passwords, LoginRateLimiter],
})
export class IdentityModule {}
