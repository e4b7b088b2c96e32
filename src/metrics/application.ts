import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventStore } from '../event-store/event-store.js';
import { Passwords } from '../identity/passwords/passwords.js';
import { LoginOutcomes } from '../identity/sign-in/login-outcomes.js';
import { SingleSignOnOutcomes } from '../identity/single-sign-on/single-sign-on-outcomes.js';
import { FailureRate } from '../identity/throttling/failure-rate.js';
import { Clock } from '../kernel/clock.js';
import type { Metrics } from '../kernel/metrics.js';
import type { OutcomeCounter } from '../kernel/outcome-counter.js';
import { Readiness } from '../kernel/readiness.js';
import { NotificationOutcomes } from '../payments/notifications/notification-outcomes.js';
import { countCommandOutcomes } from './commands.js';
import { timePages } from './pages.js';

/** Exposes an application's metrics. Must be called before the application's `init`, which registers the routes that it times. */
export function exposeApplicationMetrics(metrics: Metrics, application: NestFastifyApplication): void {
  timePages(metrics, application.getHttpAdapter().getInstance());
  countCommandOutcomes(metrics, application.get(CommandBus));

  exposeOutcomeCounter(metrics, application.get(LoginOutcomes), 'logins_total', 'Attempts to sign in by outcome');
  exposeOutcomeCounter(metrics, application.get(SingleSignOnOutcomes), 'single_sign_ons_total', 'Visits to 北京通 by outcome');
  exposeOutcomeCounter(metrics, application.get(NotificationOutcomes), 'payment_notifications_total', 'Notifications of the payment platform by outcome');

  const [events, passwords, readiness] = [application.get(EventStore), application.get(Passwords), application.get(Readiness)];
  const [failureRate, clock] = [application.get(FailureRate), application.get(Clock)];
  const commands = metrics.gauge('commands_waiting', 'Commands given and not recorded yet');
  const checks = metrics.gauge('password_checks_waiting', 'Checks of passwords begun and not done yet');
  const ready = metrics.gauge('ready', '1 when the process should get requests, as /health/ready says');
  const failedLogins = metrics.gauge(
    'failed_logins_beyond_usual',
    'Failed logins of all processes beyond 40 a second, as this process last saw; above 2,000 guessing is slowed more',
  );
  metrics.collectWith([commands, checks, ready, failedLogins], () => {
    failedLogins.set(failureRate.beyondUsual(clock.now().getTime()));
    commands.set(events.pendingCommands);
    checks.set(passwords.pending);
    ready.set(readiness.state().status === 'not ready' ? 0 : 1);
  });
}

function exposeOutcomeCounter(metrics: Metrics, outcomes: OutcomeCounter<string>, name: string, help: string): void {
  const counter = metrics.counter(name, help, ['outcome']);
  metrics.collectWith([counter], () => {
    counter.reset(); // the totals are kept in `outcomes`
    for (const [outcome, times] of outcomes.counts()) counter.inc({ outcome }, times);
  });
}
