import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventStore } from '../event-store/event-store.js';
import { Passwords } from '../identity/passwords/passwords.js';
import { LoginOutcomes } from '../identity/sign-in/login-outcomes.js';
import { SingleSignOnOutcomes } from '../identity/single-sign-on/single-sign-on-outcomes.js';
import { FailureRate } from '../identity/throttling/failure-rate.js';
import { Clock } from '../kernel/clock.js';
import type { Metrics } from '../kernel/metrics.js';
import type { Outcomes } from '../kernel/outcomes.js';
import { Readiness } from '../kernel/readiness.js';
import { NotificationOutcomes } from '../payments/platform/notification-outcomes.js';
import { countCommands } from './commands.js';
import { timePages } from './pages.js';

/** Measures an application from outside: it knows nothing of it. To be called before the application's `init`. */
export function observe(metrics: Metrics, application: NestFastifyApplication): void {
  timePages(metrics, application.getHttpAdapter().getInstance());
  countCommands(metrics, application.get(CommandBus));

  countOutcomes(metrics, application.get(LoginOutcomes), 'logins_total', 'Attempts to log in by what they came to');
  countOutcomes(metrics, application.get(SingleSignOnOutcomes), 'single_sign_ons_total', 'Visits to 北京通 by what they came to');
  countOutcomes(metrics, application.get(NotificationOutcomes), 'payment_notifications_total', 'Notifications of the payment platform by what they came to');

  const [events, passwords, readiness] = [application.get(EventStore), application.get(Passwords), application.get(Readiness)];
  const [failureRate, clock] = [application.get(FailureRate), application.get(Clock)];
  const commands = metrics.gauge('commands_waiting', 'Commands given and not decided and recorded yet');
  const checks = metrics.gauge('password_checks_waiting', 'Checks of passwords begun and not done yet, those at work included');
  const ready = metrics.gauge('ready', '1 when the process should get requests, as /health/ready says');
  const failing = metrics.gauge(
    'failed_logins_beyond_usual',
    'Failed logins of all processes beyond 40 a second, as this process last saw; above 2,000 guessing is slowed more',
  );
  metrics.look([commands, checks, ready, failing], () => {
    failing.set(failureRate.beyondUsual(clock.now().getTime()));
    commands.set(events.undecided);
    checks.set(passwords.inHand);
    ready.set(readiness.state().status === 'not ready' ? 0 : 1);
  });
}

function countOutcomes(metrics: Metrics, outcomes: Outcomes<string>, name: string, help: string): void {
  const counter = metrics.counter(name, help, ['outcome']);
  metrics.look([counter], () => {
    counter.reset(); // what they come to is counted there
    for (const [outcome, times] of outcomes.counted()) counter.inc({ outcome }, times);
  });
}
