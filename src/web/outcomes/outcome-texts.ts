import { z } from 'zod';
import { routeConfig } from '../routes/route-config.js';

/** Texts about a form's request, for the page that is shown when its outcome is not known at once. */
export const outcomeTexts = z.object({
  /** `取消账单`. */
  what: z.string(),
  /** The page that shows the result; `:no` in the address is the route's parameter. */
  see: z.object({ href: z.string(), text: z.string() }),
  /** A sentence that is true whatever the outcome. */
  holds: z.string().optional(),
  /** What is left to do once it is recorded: a later step may have failed. */
  next: z.string().optional(),
  /** How to find out while the outcome is unknown. */
  unsure: z.string().optional(),
});

export type OutcomeTexts = z.infer<typeof outcomeTexts>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Texts of a route that executes commands. */
    outcomeTexts?: OutcomeTexts;
  }
}

/** Marks a route that executes commands; a GET route executes none unless it has this. */
export function DescribesOutcome(what: OutcomeTexts): MethodDecorator {
  return routeConfig({ outcomeTexts: what });
}
