import { z } from 'zod';
import { routeConfig } from './route-config.js';

/** What who sends a form asks for, in words for when its outcome is not known at once. */
export const asked = z.object({
  /** `取消账单`. */
  what: z.string(),
  /** Where its reader sees what came of it; `:no` in the address is the route's. */
  see: z.object({ href: z.string(), text: z.string() }),
  /** What holds whatever came of it. */
  holds: z.string().optional(),
  /** What is left to do once it is recorded: a later step may not have been taken. */
  next: z.string().optional(),
  /** How to find out where the log does not say. */
  unsure: z.string().optional(),
});

export type Asked = z.infer<typeof asked>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is asked for by a route that records something. */
    asks?: Asked;
  }
}

/** What a route that records something is asked for; one of GET records nothing unless it has this. */
export function Asks(what: Asked): MethodDecorator {
  return routeConfig({ asks: what });
}
