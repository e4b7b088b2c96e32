import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Config } from '../config.js';
import { Siblings } from '../processes/siblings.js';
import { openTallies } from '../stores.js';
import { AccountPage } from './account.page.js';
import { Accounts } from './accounts.js';
import { EndedSessions } from './ended-sessions.js';
import { Entrance } from './entrance.js';
import { EntryPage } from './entry.page.js';
import { FailedSignIns } from './failed-sign-ins.js';
import { KnownBrowsers } from './known-browsers.js';
import { LoginPage } from './login.page.js';
import { LoginDelays } from './login-delays.js';
import { LoginOutcomes } from './login-outcomes.js';
import { LogoutPage } from './logout.page.js';
import { NewPasswords } from './new-passwords.js';
import { NoteFailedSignInsHandler } from './note-failed-sign-ins.command.js';
import { PasswordPage } from './password.page.js';
import { PasswordUpgrades } from './password-upgrades.js';
import { Passwords } from './passwords.js';
import { ResetPage } from './reset.page.js';
import { ResetProofs } from './reset-proofs.js';
import { SessionApi } from './session.api.js';
import { SessionGuard } from './session.guard.js';
import { SessionStrategy } from './session.strategy.js';
import { SessionKeys } from './session-keys.js';
import { Sessions } from './sessions.js';
import { SessionsPage } from './sessions.page.js';
import { SignInHandler } from './sign-in.command.js';
import { SignOutHandler } from './sign-out.command.js';
import { SignOutOthersHandler } from './sign-out-others.command.js';
import { SingleSignOn } from './single-sign-on.js';
import { SingleSignOnPage } from './single-sign-on.page.js';
import { singleSignOnOf } from './single-sign-on-of.js';
import { SingleSignOnOutcomes } from './single-sign-on-outcomes.js';
import { Standings } from './standings.js';
import { Tallies } from './tallies.js';
import { Visits } from './visits.js';
import { Weather } from './weather.js';

const singleSignOn = { provide: SingleSignOn, useFactory: ({ settings }: Config) => singleSignOnOf(settings), inject: [Config] };
const tallies = { provide: Tallies, useFactory: ({ settings }: Config) => openTallies(settings), inject: [Config] };

@Module({
  controllers: [EntryPage, LoginPage, SingleSignOnPage, LogoutPage, SessionApi, AccountPage, PasswordPage, ResetPage, SessionsPage],
  providers: [
    SignInHandler,
    SignOutHandler,
    SignOutOthersHandler,
    NoteFailedSignInsHandler,
    Passwords,
    PasswordUpgrades,
    NewPasswords,
    ResetProofs,
    Accounts,
    tallies,
    Weather,
    LoginDelays,
    KnownBrowsers,
    FailedSignIns,
    LoginOutcomes,
    Entrance,
    singleSignOn,
    SingleSignOnOutcomes,
    Visits,
    Siblings,
    SessionKeys,
    SessionStrategy,
    Standings,
    EndedSessions,
    Sessions,
    { provide: APP_GUARD, useClass: SessionGuard },
  ],
})
export class IdentityModule implements OnApplicationShutdown {
  constructor(private readonly tallies: Tallies) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tallies.close();
  }
}
