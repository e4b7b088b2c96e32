import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who is signed in: what the session's cookie says, checked. */
export interface Visitor {
  /** The candidate's id. */
  readonly id: string;
  readonly session: string;
  /** Not confirmed on site: sees the voucher, notices and help, and nothing else. */
  readonly limited: boolean;
  /** Milliseconds since the epoch: when the session began. */
  readonly began: number;
  /** Milliseconds since the epoch: when the session ends if nothing more is asked for. */
  readonly endsAt: number;
}

/** Whole seconds until a session ends, rounded up: who waits for so long and asks then never asks before the end. */
export function secondsUntil(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the session's guard. */
    visitor?: Visitor;
  }
}

/** The candidate whose session asks; the session's guard has seen to it that there is one. */
export const CurrentCandidate = createParamDecorator((_: unknown, context: ExecutionContext): Visitor => {
  const { visitor } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!visitor) throw new Error('a page for candidates was marked as public');
  return visitor;
});

export const PUBLIC = 'public';
/** Anyone may ask for it; every other address needs a session. */
export const Public = () => SetMetadata(PUBLIC, true);

export const UNRENEWED = 'unrenewed';
/** Asking for it is no use of the session: it ends when it would have ended anyway. */
export const Unrenewed = () => SetMetadata(UNRENEWED, true);

export const ENDS_SESSION = 'ends session';
/** Who asks for it leaves: no store is asked first whether the session still lasts, and it is not renewed. */
export const EndsSession = () => SetMetadata(ENDS_SESSION, true);

export const UNCONFIRMED = 'unconfirmed';
/** Candidates who are not confirmed on site may see it too (docs/domain.md, rule 1). */
export const AlsoUnconfirmed = () => SetMetadata(UNCONFIRMED, true);
