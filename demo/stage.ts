import type { ExamPeriod } from './calendar.js';
import { DISTRICTS } from './catalogue.js';
import type { Ledger } from './ledger.js';
import type { Candidate, People, Person } from './people.js';
import { photoOf } from './photos.js';
import { Studies } from './studies.js';

/** The password of every account that has one; only an import outside production takes it in the clear. */
export const PASSWORD = 'zikao-demo-1';

interface Account extends Partial<Omit<Candidate, 'admissionNo' | 'person' | 'registeredPeriod'>> {
  readonly registered: ExamPeriod;
}

/** What every candidate of the demo needs: the office's records, and people. */
export class Stage {
  readonly ledger: Ledger;
  readonly #people: People;

  constructor(ledger: Ledger, people: People) {
    this.ledger = ledger;
    this.#people = people;
  }

  /** Registers a person, by default confirmed, in good standing, mostly with a photo, and without a password. */
  register({ registered, ...account }: Account, known: Partial<Person> = {}): Studies {
    const { random } = this.ledger;
    const person = this.#people.person(known);
    const photo = photoOf(person, random.between(0, 99));
    const candidate = this.ledger.admit({
      person,
      registeredPeriod: registered.code,
      district: random.pick(DISTRICTS),
      accountState: 'normal',
      confirmed: true,
      ...(random.chance(70) && { photo }),
      ...account,
    });
    return new Studies(this.ledger, candidate);
  }
}
