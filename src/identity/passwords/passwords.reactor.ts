import { reactor } from '../../reactions/reactor.js';
import type { RegistrationEvent } from '../../registrations/registrations.events.js';
import { FinishPassword } from './finish-password.command.js';

/** A password that the person has set goes to all admission numbers, and ends the sessions of before. */
export const passwords = reactor<RegistrationEvent>({
  name: 'passwords',
  on: {
    PasswordSet: ({ id, data: { candidateId, everywhere } }, given) => everywhere && new FinishPassword(given, candidateId, id, everywhere),
  },
});
