import { z } from 'zod';
import { outcomeTexts } from './outcome-texts.js';

const revision = z.union([z.int(), z.literal('no_stream')]);
export const outcomeQuery = z.object({
  asked: outcomeTexts,
  sent: z.array(z.object({ stream: z.string(), command: z.string(), expected: revision })).readonly(),
  hasRecorded: z.boolean(),
  request: z.string(),
  at: z.number(),
});

/** The content of an outcome token: a request's appends that were not answered. */
export type OutcomeQuery = z.infer<typeof outcomeQuery>;
