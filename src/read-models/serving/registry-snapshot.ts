import { AsyncLocalStorage } from 'node:async_hooks';
import type { Registry } from '../registry.js';

/** The registry as one request sees it: read when first needed, then unchanged until the request ends. */
export interface RegistrySnapshot {
  registry?: Promise<Registry>;
}

const views = new AsyncLocalStorage<RegistrySnapshot>();

/** Runs `work` with one snapshot of the registry: all it reads is from the builds that are served now. */
export function withRegistrySnapshot<T>(work: () => T): T {
  return views.run({}, work);
}

/** The caller's snapshot; a new one outside of `withRegistrySnapshot`. */
export function currentRegistrySnapshot(): RegistrySnapshot {
  return views.getStore() ?? {};
}
