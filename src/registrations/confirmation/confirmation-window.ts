import type { WindowState } from '../../catalogue/catalogue.events.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { windowState } from '../../catalogue/window.js';

/** The window of confirming on site of those who registered in a period; an end of it that is not announced is the registration's. */
export function confirmationWindow(catalogue: Pick<Catalogue, 'period'>, registeredPeriod: string, at: string): WindowState {
  const { confirmation, registration } = catalogue.period(registeredPeriod) ?? {};
  return windowState({ opens: confirmation?.opens ?? registration?.opens, closes: confirmation?.closes ?? registration?.closes }, at);
}
