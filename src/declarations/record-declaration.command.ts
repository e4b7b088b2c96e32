import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { type Sealed, Vault } from '../vault/vault.js';
import { declaration, recordDeclaration } from './declaration.decider.js';
import type { DeclarationState, DeclarationTerms } from './declarations.events.js';
import { declarationStream } from './declarations.streams.js';

/** A remark as it is recorded: free text about a person. */
export interface SealedRemark {
  readonly remark: Sealed<string>;
  readonly digest: string;
}

/** A declaration 申报 as it stands elsewhere; `decidedOn` is a date. */
export class RecordDeclaration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: DeclarationTerms,
    readonly state: DeclarationState,
    readonly decidedOn?: string | undefined,
    readonly remark?: string | undefined,
  ) {
    super();
  }
}

@CommandHandler(RecordDeclaration)
export class RecordDeclarationHandler implements ICommandHandler<RecordDeclaration> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async execute(command: RecordDeclaration) {
    const { candidateId, declaration: id } = command.terms;
    const remark = await this.sealed(candidateId, command.remark);
    return this.events.decide(command, declarationStream(id, candidateId), declaration, (state) => recordDeclaration(state, command, remark));
  }

  private async sealed(candidateId: string, remark: string | undefined): Promise<SealedRemark | undefined> {
    if (remark === undefined) return undefined;
    const safe = await this.vault.safe(candidateId);
    return { remark: safe.seal(remark), digest: safe.digest(remark) };
  }
}
