import type { ExamPeriod } from './calendar.js';
import { DISTRICTS } from './catalogue.js';
import type { CohortRecords } from './cohort-records.js';
import type { Candidate, People, Person } from './people.js';
import { photoOf } from './photos.js';
import { Studies } from './studies.js';

/** The password of every account that has one, in plain text, which an import in production refuses. */
export const PASSWORD = 'zikao-demo-1';

interface Account extends Partial<Omit<Candidate, 'admissionNo' | 'person' | 'registeredPeriod'>> {
  readonly registered: ExamPeriod;
}

/** Registers the candidates of the demo. */
export class CohortBuilder {
  readonly records: CohortRecords;
  readonly #people: People;

  constructor(records: CohortRecords, people: People) {
    this.records = records;
    this.#people = people;
  }

  /** Registers a person; by default confirmed, with a normal account, mostly with a photo, and without a password. */
  register({ registered, ...account }: Account, known: Partial<Person> = {}): Studies {
    const { random } = this.records;
    const person = this.#people.person(known);
    const photo = photoOf(person, random.between(0, 99));
    const candidate = this.records.admit({
      person,
      registeredPeriod: registered.code,
      district: random.pick(DISTRICTS),
      accountState: 'normal',
      confirmed: true,
      ...(random.chance(70) && { photo }),
      ...account,
    });
    return new Studies(this.records, candidate);
  }
}
