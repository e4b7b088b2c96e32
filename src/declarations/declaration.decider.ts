import type { Decider } from '../event-store/decider.js';
import { Refusal } from '../event-store/refusal.js';
import { same } from '../event-store/same.js';
import type { DeclarationEvent, DeclarationState, DeclarationTerms } from './declarations.events.js';
import type { RecordDeclaration, SealedRemark } from './record-declaration.command.js';

/** How a declaration stands; the remark by its digest alone. */
interface Standing {
  readonly state: DeclarationState;
  readonly decidedOn?: string | undefined;
  readonly digest?: string | undefined;
}

interface Declaration {
  /** Missing until it is submitted. */
  readonly terms?: DeclarationTerms;
  readonly standing: Standing;
}

const submitted: Standing = { state: 'submitted' };

export const declaration: Decider<Declaration, DeclarationEvent> = {
  initial: { standing: submitted },
  evolve(state, { type, data }) {
    switch (type) {
      case 'DeclarationSubmitted':
        return { terms: data, standing: submitted };
      case 'DeclarationCorrected':
        return { ...state, terms: data };
      case 'DeclarationPaymentRequested':
        return { ...state, standing: { state: 'payment_due', decidedOn: data.decidedOn, digest: data.digest } };
      case 'DeclarationPaid':
        return { ...state, standing: { state: 'paid', decidedOn: data.decidedOn, digest: data.digest } };
      case 'DeclarationApproved':
        return { ...state, standing: { state: 'approved', decidedOn: data.decidedOn, digest: data.digest } };
      case 'DeclarationRejected':
        return { ...state, standing: { state: 'rejected', decidedOn: data.decidedOn, digest: data.digest } };
      case 'DeclarationWithdrawn':
        return { ...state, standing: { state: 'withdrawn', decidedOn: data.decidedOn, digest: data.digest } };
      case 'DeclarationReopened':
        return { ...state, standing: { state: 'submitted', decidedOn: data.decidedOn, digest: data.digest } };
    }
  },
};

const became = {
  submitted: 'DeclarationReopened',
  payment_due: 'DeclarationPaymentRequested',
  paid: 'DeclarationPaid',
  approved: 'DeclarationApproved',
  rejected: 'DeclarationRejected',
  withdrawn: 'DeclarationWithdrawn',
} as const;

/**
 * Says what was declared and how it stands: an event for each of the two that is new or changed.
 * @throws Refusal declaration.of_another
 */
export function recordDeclaration(state: Declaration, command: RecordDeclaration, remark: SealedRemark | undefined): DeclarationEvent[] {
  const { terms, decidedOn } = command;
  const before = state.terms;
  if (before && before.candidateId !== terms.candidateId) throw new Refusal('declaration.of_another', { declaration: terms.declaration });
  const events: DeclarationEvent[] = [];
  if (!same(before, terms)) events.push({ type: before ? 'DeclarationCorrected' : 'DeclarationSubmitted', data: terms });
  if (!same(state.standing, { state: command.state, decidedOn, digest: remark?.digest })) {
    const { candidateId, declaration } = terms;
    events.push({ type: became[command.state], data: { candidateId, declaration, decidedOn, ...remark } });
  }
  return events;
}
