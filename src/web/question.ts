import { z } from 'zod';
import { asked } from './asks.js';

const revision = z.union([z.int(), z.literal('no_stream')]);
export const question = z.object({
  asked,
  sent: z.array(z.object({ stream: z.string(), command: z.string(), expected: revision })).readonly(),
  hasRecorded: z.boolean(),
  request: z.string(),
  at: z.number(),
});

/** What is to be looked up: a request's appends that were not answered. */
export type Question = z.infer<typeof question>;
