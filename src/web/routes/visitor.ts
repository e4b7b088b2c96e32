import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The signed-in candidate, from the verified session cookie. */
export interface Visitor {
  /** The candidate's id. */
  readonly id: string;
  readonly session: string;
  /** Not confirmed on site: may see only the voucher, notices and help. */
  readonly limited: boolean;
  /** Milliseconds since the epoch: when the session began. */
  readonly began: number;
  /** Milliseconds since the epoch: when the session ends unless it is renewed. */
  readonly endsAt: number;
}

/** Seconds until a session ends, rounded up, so that a client that waits so long is not too early. */
export function secondsUntil(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the session's guard. */
    visitor?: Visitor;
  }
}

/** The candidate of the session; the session guard ensures that there is one. */
export const CurrentCandidate = createParamDecorator((_: unknown, context: ExecutionContext): Visitor => {
  const { visitor } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!visitor) throw new Error('a page for candidates was marked as public');
  return visitor;
});

export const PUBLIC = 'public';
/** A route without a session; every other route needs one. */
export const Public = () => SetMetadata(PUBLIC, true);

export const UNRENEWED = 'unrenewed';
/** A route that does not renew the session. */
export const Unrenewed = () => SetMetadata(UNRENEWED, true);

export const ENDS_SESSION = 'ends session';
/** A route that ends the session: it is not checked against the store first, and not renewed. */
export const EndsSession = () => SetMetadata(ENDS_SESSION, true);

export const UNCONFIRMED = 'unconfirmed';
/** Candidates who are not confirmed on site may see it too (docs/domain.md, rule 1). */
export const AlsoUnconfirmed = () => SetMetadata(UNCONFIRMED, true);
