import type { DeclarationEvent, DeclarationState, DeclarationTerms } from '../src/declarations/declarations.events.js';
import { bySubject, dictionary, projection } from '../src/read-models/projection.js';
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

export const declarations = projection<Declarations, DeclarationEvent, Map<string, Declaration>>({
  name: 'declarations',
  version: 1,
  earlierFingerprints: ['90f06b4bf44e8a00', '5285ed67aceb3056'],
  key: bySubject,
  empty: {},
  instants: [],
  money: [],
  maps: { '': { list: 'declarations', keys: ['declaration'], holdsKey: true } },
  state: dictionary(),
  on: {
    DeclarationSubmitted: (all, { data: { candidateId: _, ...terms } }) => all.set(terms.declaration, { ...terms, state: 'submitted' }),
    DeclarationCorrected: (all, { data: { candidateId: _, ...terms } }) => {
      const { state, decidedOn, remark } = submitted(all, terms.declaration);
      return all.set(terms.declaration, { ...terms, state, decidedOn, remark });
    },
    DeclarationPaymentRequested: (all, { data }) => decided(all, data, 'payment_due'),
    DeclarationPaid: (all, { data }) => decided(all, data, 'paid'),
    DeclarationApproved: (all, { data }) => decided(all, data, 'approved'),
    DeclarationRejected: (all, { data }) => decided(all, data, 'rejected'),
    DeclarationWithdrawn: (all, { data }) => decided(all, data, 'withdrawn'),
    DeclarationReopened: (all, { data }) => decided(all, data, 'submitted'),
    DeclarationVoided: (all, { data: { declaration } }) => without(all, declaration),
  },
});

interface Decision {
  readonly declaration: string;
  readonly decidedOn?: string | undefined;
  readonly remark?: Sealed<string> | undefined;
}

function decided(all: Map<string, Declaration>, { declaration, decidedOn, remark }: Decision, state: DeclarationState): Map<string, Declaration> {
  return all.set(declaration, { ...submitted(all, declaration), state, decidedOn, remark });
}

function submitted(all: Map<string, Declaration>, id: string): Declaration {
  const declaration = all.get(id);
  if (!declaration) throw new Error(`declaration ${id} was never submitted`);
  return declaration;
}

function without(all: Map<string, Declaration>, id: string): Map<string, Declaration> {
  all.delete(id);
  return all;
}
