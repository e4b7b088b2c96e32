import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PeerProcesses } from '../processes/peer-processes.js';
import { Config } from '../settings/settings.js';
import { PasswordPage } from './passwords/password.page.js';
import { FinishPasswordHandler } from './passwords/password-consequences.js';
import { PasswordProgress } from './passwords/password-progress.js';
import { PasswordUpgrades } from './passwords/password-upgrades.js';
import { Passwords } from './passwords/passwords.js';
import { ResetPage } from './passwords/reset.page.js';
import { ResetProofs } from './passwords/reset-proofs.js';
import { AccessLevels } from './sessions/access-levels.js';
import { AccountPage } from './sessions/account.page.js';
import { EndedSessions } from './sessions/ended-sessions.js';
import { LogoutPage } from './sessions/logout.page.js';
import { SessionApi } from './sessions/session.api.js';
import { SessionGuard } from './sessions/session.guard.js';
import { SessionStrategy } from './sessions/session.strategy.js';
import { SessionEndings } from './sessions/session-endings.js';
import { SessionKeys } from './sessions/session-keys.js';
import { Sessions } from './sessions/sessions.js';
import { SessionsPage } from './sessions/sessions.page.js';
import { SignOutHandler } from './sessions/sign-out.command.js';
import { SignOutOthersHandler } from './sessions/sign-out-others.command.js';
import { Accounts } from './sign-in/accounts.js';
import { Entrance } from './sign-in/entrance.js';
import { EntryPage } from './sign-in/entry.page.js';
import { FailedSignIns } from './sign-in/failed-sign-ins.js';
import { KnownBrowsers } from './sign-in/known-browsers.js';
import { LoginPage } from './sign-in/login.page.js';
import { LoginOutcomes } from './sign-in/login-outcomes.js';
import { NoteFailedSignInsHandler } from './sign-in/note-failed-sign-ins.command.js';
import { SignInHandler } from './sign-in/sign-in.command.js';
import { Visits } from './sign-in/visits.js';
import { SingleSignOn } from './single-sign-on/single-sign-on.js';
import { SingleSignOnPage } from './single-sign-on/single-sign-on.page.js';
import { singleSignOnOf } from './single-sign-on/single-sign-on-of.js';
import { SingleSignOnOutcomes } from './single-sign-on/single-sign-on-outcomes.js';
import { FailureRate } from './throttling/failure-rate.js';
import { LoginRateLimiter } from './throttling/login-rate-limiter.js';

const singleSignOn = { provide: SingleSignOn, useFactory: ({ settings }: Config) => singleSignOnOf(settings), inject: [Config] };

@Module({
  controllers: [EntryPage, LoginPage, SingleSignOnPage, LogoutPage, SessionApi, AccountPage, PasswordPage, ResetPage, SessionsPage],
  providers: [
    SignInHandler,
    SignOutHandler,
    SignOutOthersHandler,
    NoteFailedSignInsHandler,
    Passwords,
    PasswordUpgrades,
    PasswordProgress,
    FinishPasswordHandler,
    SessionEndings,
    ResetProofs,
    Accounts,
    FailureRate,
    LoginRateLimiter,
    KnownBrowsers,
    FailedSignIns,
    LoginOutcomes,
    Entrance,
    singleSignOn,
    SingleSignOnOutcomes,
    Visits,
    PeerProcesses,
    SessionKeys,
    SessionStrategy,
    AccessLevels,
    EndedSessions,
    Sessions,
    { provide: APP_GUARD, useClass: SessionGuard },
  ],
})
export class IdentityModule {}
