import { Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { Clock } from '../clock.js';
import { SessionKeys } from './session-keys.js';

/** Seconds within which an admission number is to be chosen. */
const GOOD_FOR = 300;
const claims = z.object({ sub: z.uuid(), exp: z.int() });

/** The word, for a few minutes, that whoever brings it has shown to be this candidate and may enter without a password. */
@Injectable()
export class Choices {
  constructor(
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
  ) {}

  offer(id: string): string {
    return jwt.sign({ sub: id, exp: this.now() + GOOD_FOR }, this.keys.choice, { algorithm: 'HS256', noTimestamp: true });
  }

  /** The candidate's id; undefined for a word that is not ours or has grown old. */
  taken(choice: string): string | undefined {
    try {
      const payload = jwt.verify(choice, this.keys.choice, { algorithms: ['HS256'], clockTimestamp: this.now() });
      return claims.safeParse(payload).data?.sub;
    } catch (error) {
      if (error instanceof jwt.JsonWebTokenError) return undefined;
      throw error;
    }
  }

  private now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
