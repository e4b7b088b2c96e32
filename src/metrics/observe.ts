import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Catalogue } from '../catalogue/catalogue.js';
import { EventStore } from '../event-store/event-store.js';
import { LoginOutcomes } from '../identity/login-outcomes.js';
import { Passwords } from '../identity/passwords.js';
import { countCommands } from './commands.js';
import type { Metrics } from './metrics.js';
import { timePages } from './pages.js';

/** Measures an application from outside: it knows nothing of it. To be called before the application's `init`. */
export function observe(metrics: Metrics, application: NestFastifyApplication): void {
  timePages(metrics, application.getHttpAdapter().getInstance() as unknown as FastifyInstance);
  countCommands(metrics, application.get(CommandBus));

  const outcomes = application.get(LoginOutcomes);
  const logins = metrics.counter('logins_total', 'Attempts to log in by what they came to', ['outcome']);
  metrics.look([logins], () => {
    logins.reset(); // what they come to is counted there
    for (const [outcome, times] of outcomes.counted()) logins.inc({ outcome }, times);
  });

  const [events, passwords, catalogue] = [application.get(EventStore), application.get(Passwords), application.get(Catalogue)];
  const commands = metrics.gauge('commands_waiting', 'Commands given and not decided and recorded yet');
  const checks = metrics.gauge('password_checks_waiting', 'Checks of passwords begun and not done yet, those at work included');
  const ready = metrics.gauge('ready', '1 when the process can answer pages, as /health/ready says');
  metrics.look([commands, checks, ready], () => {
    commands.set(events.undecided);
    checks.set(passwords.inHand);
    ready.set(catalogue.unreadiness() === undefined ? 1 : 0);
  });
}
