import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { commandProviders } from '../event-store/command-providers.js';
import { IdentityModule } from '../identity/identity.module.js';
import { LoginRateLimiter } from '../identity/throttling/login-rate-limiter.js';
import { Clock } from '../kernel/clock.js';
import { providerOf } from '../kernel/provider.js';
import { Vault } from '../vault/vault.js';
import { WebModule } from '../web/web.module.js';
import { AccountApprovalPage } from './accounts/account-approval.page.js';
import { AccountChangePage } from './accounts/account-change.page.js';
import { AccountSuspensionPage } from './accounts/account-suspension.page.js';
import { AccountsPage } from './accounts/accounts.page.js';
import { NewAccountPage } from './accounts/new-account.page.js';
import { CorrectionPage } from './corrections/pages/correction.page.js';
import { CorrectionsPage } from './corrections/pages/corrections.page.js';
import { NewCorrectionPage } from './corrections/pages/new-correction.page.js';
import { PastedCorrectionsPage } from './corrections/pages/pasted-corrections.page.js';
import { FactorCheck } from './factors/factor-check.js';
import { CandidateEvents } from './file/candidate-events.js';
import { CandidateFile } from './file/candidate-file.js';
import { CandidatePages } from './file/candidate-pages.js';
import { DataPage } from './file/data.page.js';
import { FieldHistory } from './file/field-history.js';
import { FileDocuments } from './file/file-documents.js';
import { FileTimeline } from './file/file-timeline.js';
import { FileWords } from './file/file-words.js';
import { FixturePage } from './file/fixture.page.js';
import { PagesPage } from './file/pages.page.js';
import { RevealPage } from './file/reveal.page.js';
import { TimelinePage } from './file/timeline.page.js';
import { WhyPage } from './file/why.page.js';
import { officeHandlers } from './office.handlers.js';
import { OfficerAccounts } from './officers/officer-accounts.js';
import { OfficeHomePage } from './pages/office-home.page.js';
import { OfficeOutcomePage } from './pages/office-outcome.page.js';
import { ResetCodePage } from './pages/reset-code.page.js';
import { TasksPage } from './pages/tasks.page.js';
import { OwnPasskeysPage } from './passkeys/own-passkeys.page.js';
import { PasskeyCeremony } from './passkeys/passkey-ceremony.js';
import { CandidateNotes } from './scope/candidate-notes.js';
import { OfficeCandidates } from './scope/office-candidates.js';
import { CandidatesPage } from './search/candidates.page.js';
import { People } from './search/people.js';
import { RecordSearch } from './search/record-search.js';
import { SearchPage } from './search/search.page.js';
import { OfficeGuard } from './sessions/office.guard.js';
import { OfficeSessions } from './sessions/office-sessions.js';
import { EntryState } from './sign-in/entry-state.js';
import { FailedOfficeSignIns } from './sign-in/failed-office-sign-ins.js';
import { OfficeFactorPage } from './sign-in/office-factor.page.js';
import { OfficeLoginPage } from './sign-in/office-login.page.js';
import { OfficeLogoutPage } from './sign-in/office-logout.page.js';
import { OwnSessionsPage } from './sign-in/own-sessions.page.js';
import { SetupCodePage } from './sign-in/setup-code.page.js';
import { StepUpPage } from './sign-in/step-up.page.js';
import { RecordedViewings } from './viewing/recorded-viewings.js';
import { ViewingsPage } from './viewing/viewings.page.js';

@Module({
  imports: [IdentityModule, WebModule],
  controllers: [
    OfficeHomePage,
    OfficeOutcomePage,
    TasksPage,
    ResetCodePage,
    CorrectionsPage,
    NewCorrectionPage,
    PastedCorrectionsPage,
    CorrectionPage,
    SearchPage,
    CandidatesPage,
    ViewingsPage,
    TimelinePage,
    DataPage,
    WhyPage,
    FixturePage,
    PagesPage,
    RevealPage,
    OwnSessionsPage,
    OwnPasskeysPage,
    AccountsPage,
    NewAccountPage,
    AccountChangePage,
    AccountApprovalPage,
    AccountSuspensionPage,
    OfficeLoginPage,
    OfficeFactorPage,
    SetupCodePage,
    StepUpPage,
    OfficeLogoutPage,
  ],
  providers: [
    OfficeSessions,
    EntryState,
    OfficerAccounts,
    providerOf(FactorCheck, [LoginRateLimiter, Vault, Clock]),
    FailedOfficeSignIns,
    PasskeyCeremony,
    CandidateNotes,
    OfficeCandidates,
    People,
    RecordSearch,
    RecordedViewings,
    CandidateFile,
    CandidateEvents,
    CandidatePages,
    FileDocuments,
    FileTimeline,
    FileWords,
    FieldHistory,
    { provide: APP_GUARD, useClass: OfficeGuard },
    ...commandProviders(officeHandlers),
  ],
})
export class OfficeModule {}
