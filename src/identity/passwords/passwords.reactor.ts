import { reactor } from '../../reactions/reactor.js';
import type { RegistrationEvent } from '../../registrations/registrations.events.js';
import { FinishPassword } from './finish-password.command.js';

/** A password that a person has set is recorded at all admission numbers, and the sessions of before end. */
export const passwords = reactor<RegistrationEvent>({
  name: 'passwords',
  on: {
    PasswordSet: ({ id, data: { candidateId, everywhere } }, given) => everywhere && new FinishPassword(given, candidateId, id, everywhere),
  },
});
