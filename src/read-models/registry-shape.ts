import { z } from 'zod';
import type { Registry } from './registry.js';

const build = z.looseObject({
  name: z.string().min(1),
  readModel: z.string().min(1),
  version: z.number(),
  fingerprint: z.string(),
  state: z.enum(['building', 'current']),
  begun: z.string(),
  left: z.string().optional(),
});

const shape = z.looseObject({
  revision: z.number(),
  serving: z.record(z.string(), z.string()),
  before: z.record(z.string(), z.string()),
  builds: z.array(build),
  requests: z.array(z.looseObject({ id: z.string(), what: z.looseObject({ kind: z.string() }) })),
});

/** Whether what is stored is a registry: without one nobody knows which builds there are. */
export function isRegistry(stored: unknown): stored is Registry {
  return shape.safeParse(stored).success;
}
