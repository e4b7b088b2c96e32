import { AsyncLocalStorage } from 'node:async_hooks';
import type { Registry } from '../registry.js';

/** What one request sees of the registry: read when it is first needed, the same to its end. */
export interface View {
  registry?: Promise<Registry>;
}

const views = new AsyncLocalStorage<View>();

/** Runs `work` so that all it reads of the read models is of the builds that are served now. */
export function inOneView<T>(work: () => T): T {
  return views.run({}, work);
}

/** The view that the caller is in; a new one outside of `inOneView`. */
export function currentView(): View {
  return views.getStore() ?? {};
}
