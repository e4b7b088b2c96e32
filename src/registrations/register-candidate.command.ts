import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Photos } from '../vault/photos.js';
import { Vault } from '../vault/vault.js';
import { candidate, registerCandidate } from './candidate.decider.js';
import { identifiersOf } from './identifiers.js';
import type { AccountState, Person } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/** What is not personal: where and when registered, how the account stands, whether confirmed on site 现场确认. */
export interface Standing {
  readonly district: string;
  readonly registeredPeriod: string;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
}

/** Who a candidate is, known by the admission number: a new one or a correction. `photo` is a JPEG's bytes. */
export class RegisterCandidate extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly person: Person,
    readonly standing: Standing,
    readonly photo?: Uint8Array | undefined,
  ) {
    super();
  }
}

@CommandHandler(RegisterCandidate)
export class RegisterCandidateHandler implements ICommandHandler<RegisterCandidate> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
    private readonly photos: Photos,
  ) {}

  /** @throws BadPhoto */
  async execute(command: RegisterCandidate) {
    const { person, standing, photo } = command;
    const safe = await this.vault.admitted(identifiersOf(person));
    const registration = {
      candidateId: safe.id,
      district: standing.district,
      registeredPeriod: standing.registeredPeriod,
      person: safe.seal(person),
      photo: photo && (await this.photos.put(safe, photo)),
      digest: safe.digest(person),
    };
    return this.events.decide(command, candidateStream(safe.id), candidate, (state) => registerCandidate(state, command, registration));
  }
}
