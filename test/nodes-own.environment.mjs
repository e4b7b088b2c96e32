import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { globalsOfModules } from './shared-modules.runtime.mjs';

/**
 * Tests run among the globals of Node, where Jest makes a context for each file: the packages that files share have the Error and Array
 * of Node, and in another context each look at a global takes many times as long. What a file leaves changed of the globals and of the
 * process is set back at its end.
 */
export default class NodesOwn {
  global = globalThis;
  #before = [globalThis, process, process.env].map((object) => ({ object, properties: Object.getOwnPropertyDescriptors(object) }));
  #listeners = new Map(process.eventNames().map((event) => [event, process.rawListeners(event)]));
  #exitCode = process.exitCode;

  constructor({ projectConfig }) {
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    for (const { object, properties } of this.#before) setBack(object, properties);
    for (const event of process.eventNames()) {
      const before = this.#listeners.get(event) ?? [];
      for (const listener of process.rawListeners(event)) if (!before.includes(listener)) process.removeListener(event, listener);
    }
    process.exitCode = this.#exitCode;
  }

  exportConditions() {
    return ['node', 'node-addons', 'module-sync'];
  }

  /** Jest demands it; our runtime does not ask for it. */
  getVmContext() {
    return null;
  }
}

/** What an emitter counts its listeners by. */
const OF_EMITTERS = new Set(['_events', '_eventsCount', '_maxListeners']);

function setBack(object, properties) {
  for (const name of Reflect.ownKeys(object)) {
    if (OF_EMITTERS.has(name)) continue;
    const was = properties[name];
    const is = Object.getOwnPropertyDescriptor(object, name);
    if (was && (is.value !== was.value || is.get !== was.get)) Object.defineProperty(object, name, was);
    else if (!was && !(object === globalThis && globalsOfModules.has(name))) Reflect.deleteProperty(object, name);
  }
}
