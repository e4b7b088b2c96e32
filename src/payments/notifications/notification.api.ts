import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyInstance } from 'fastify';
import { type Cause, causedBy } from '../../event-store/cause.js';
import { deterministicId } from '../../event-store/deterministic-id.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { log } from '../../kernel/log.js';
import { RaiseTask } from '../../office/raise-task.command.js';
import { errorStatus } from '../../web/errors/error-status.js';
import { registerScope } from '../../web/routes/route-table.js';
import { unknownOrderTask } from '../paying/unknown-order-task.js';
import { ForgedNotification, type Notification, type Payment, PaymentPlatform, type RawNotification } from '../platform/payment-platform.js';
import { type NotificationOutcome, NotificationOutcomes } from './notification-outcomes.js';
import { RecordNotifiedEnd } from './record-notified-end.command.js';
import { RecordNotifiedPayment } from './record-notified-payment.command.js';

/** In bytes; a larger body is refused before it is read. */
const LARGEST = 16 * 1024;

/** Receives the platform's notifications. It answers success only once one is recorded, because the platform repeats it until then. */
@Injectable()
export class NotificationApi {
  constructor(
    private readonly platform: PaymentPlatform,
    private readonly commands: CommandBus,
    private readonly outcomes: NotificationOutcomes,
    private readonly clock: Clock,
  ) {}

  /** The route is outside Nest, because the signature is over the raw bytes of the body. */
  async serve(fastify: FastifyInstance): Promise<void> {
    await registerScope(fastify, 'payment notifications', async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST }, (_request, body, done) => done(null, body));
      scope.setErrorHandler((error, { id }, reply) => {
        const status = errorStatus(error);
        if (status >= 500) log.error({ request: id, err: error }, 'a payment notification could not be taken');
        this.outcomes.count(status < 500 ? 'malformed' : 'unavailable');
        return reply.status(status).send('refused');
      });
      scope.post('/payments/notify', { config: { allowCrossSite: true } }, async ({ id, headers, body }, reply) => {
        const outcome = await this.take({ headers, body: body instanceof Buffer ? body : Buffer.alloc(0) }, id);
        this.outcomes.count(outcome);
        reply.type('text/plain').header('cache-control', 'no-store');
        return reply.status(statusOf(outcome)).send(statusOf(outcome) === 200 ? 'success' : outcome);
      });
    });
  }

  private async take(raw: RawNotification, request: string): Promise<NotificationOutcome> {
    let told: Notification;
    try {
      told = this.platform.verify(raw, this.clock.now());
    } catch (error) {
      if (!(error instanceof ForgedNotification)) throw error;
      log.warn({ request, reason: error.reason }, 'a payment notification was refused');
      return error.reason;
    }
    const cause: Cause = { by: 'payment-platform', origin: 'reaction', correlation: request };
    try {
      return await causedBy(cause, () => (told.kind === 'paid' ? this.recordNotifiedPayment(told.payment) : this.recordNotifiedEnd(told.order)));
    } catch (error) {
      log.error({ request, err: error }, 'a payment notification is not known to be recorded: the platform is to tell it again');
      return 'unavailable';
    }
  }

  private async recordNotifiedPayment(payment: Payment): Promise<NotificationOutcome> {
    const { transaction, fen } = payment;
    try {
      const { recorded } = await this.commands.execute(new RecordNotifiedPayment(this.given(`payment ${transaction} ${fen}`), payment));
      return recorded > 0 ? 'recorded' : 'repeated';
    } catch (error) {
      if (!isUnknown(error)) throw error;
      const terms = unknownOrderTask(payment);
      await this.commands.execute(new RaiseTask(this.given(`${terms.task} raised`), terms));
      return 'unknown_order';
    }
  }

  private async recordNotifiedEnd(order: string): Promise<NotificationOutcome> {
    try {
      const { recorded } = await this.commands.execute(new RecordNotifiedEnd(this.given(`closed ${order}`), order));
      return recorded > 0 ? 'recorded' : 'repeated';
    } catch (error) {
      if (!isUnknown(error)) throw error;
      return 'meaningless';
    }
  }

  /** The command's id follows from the notification's content, so that a repeat is recognised. */
  private given(told: string) {
    return givenAt(this.clock.instant(), deterministicId(told));
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'bill.unknown';
}

function statusOf(outcome: NotificationOutcome): number {
  switch (outcome) {
    case 'recorded':
    case 'repeated':
    case 'unknown_order':
    case 'meaningless':
      return 200;
    case 'unavailable':
      return 503;
    default:
      return 400;
  }
}
