import type { DeclarationEvent, DeclarationState, DeclarationTerms } from '../src/declarations/declarations.events.js';
import { bySubject, projection } from '../src/read-models/projection.js';
import type { Sealed } from '../src/vault/vault.js';

export interface Declaration extends Omit<DeclarationTerms, 'candidateId'> {
  readonly state: DeclarationState;
  readonly decidedOn?: string | undefined;
  readonly remark?: Sealed<string> | undefined;
}

/** All declarations of a candidate by id. */
export interface Declarations {
  readonly [declaration: string]: Declaration;
}

export const declarations = projection<Declarations, DeclarationEvent>({
  name: 'declarations',
  version: 1,
  key: bySubject,
  empty: {},
  on: {
    DeclarationSubmitted: (doc, { data: { candidateId: _, ...terms } }) => ({ ...doc, [terms.declaration]: { ...terms, state: 'submitted' } }),
    DeclarationCorrected: (doc, { data: { candidateId: _, ...terms } }) => {
      const { state, decidedOn, remark } = submitted(doc, terms.declaration);
      return { ...doc, [terms.declaration]: { ...terms, state, decidedOn, remark } };
    },
    DeclarationPaymentRequested: (doc, { data }) => decided(doc, data, 'payment_due'),
    DeclarationPaid: (doc, { data }) => decided(doc, data, 'paid'),
    DeclarationApproved: (doc, { data }) => decided(doc, data, 'approved'),
    DeclarationRejected: (doc, { data }) => decided(doc, data, 'rejected'),
    DeclarationWithdrawn: (doc, { data }) => decided(doc, data, 'withdrawn'),
    DeclarationReopened: (doc, { data }) => decided(doc, data, 'submitted'),
  },
});

interface Decision {
  readonly declaration: string;
  readonly decidedOn?: string | undefined;
  readonly remark?: Sealed<string> | undefined;
}

function decided(doc: Declarations, { declaration, decidedOn, remark }: Decision, state: DeclarationState): Declarations {
  return { ...doc, [declaration]: { ...submitted(doc, declaration), state, decidedOn, remark } };
}

function submitted(doc: Declarations, id: string): Declaration {
  const declaration = doc[id];
  if (!declaration) throw new Error(`declaration ${id} was never submitted`);
  return declaration;
}
