import type { WindowState } from '../../catalogue/catalogue.events.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { windowState } from '../../catalogue/window.js';

/**
 * By the period of registration, the state at a moment (ISO 8601) of the window for confirming on site; an end of it that is not
 * announced is the registration's.
 */
export function confirmationWindows(catalogue: Pick<Catalogue, 'period'>, at: string): (registeredPeriod: string) => WindowState {
  return (registeredPeriod) => {
    const { confirmation, registration } = catalogue.period(registeredPeriod) ?? {};
    return windowState({ opens: confirmation?.opens ?? registration?.opens, closes: confirmation?.closes ?? registration?.closes }, at);
  };
}
