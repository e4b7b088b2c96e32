import { randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers/promises';
import type { Random } from '../../demo/random.js';
import { bills } from '../../projections/bills.js';
import { candidate } from '../../projections/candidate.js';
import { districts } from '../../projections/districts.js';
import { type Sitting, sittings } from '../../projections/sittings.js';
import { DescribeDistrict } from '../../src/catalogue/districts/describe-district.command.js';
import type { EnrolmentState } from '../../src/enrolments/enrolment.decider.js';
import { RecordEnrolment } from '../../src/enrolments/record-enrolment.command.js';
import type { Appended } from '../../src/event-store/append.js';
import { type Cause, causedBy } from '../../src/event-store/cause.js';
import type { Command } from '../../src/event-store/command.js';
import type { Commands } from '../../src/event-store/commands.js';
import type { Given } from '../../src/event-store/decider.js';
import type { Recorded } from '../../src/event-store/event.js';
import { RecordBill } from '../../src/payments/bills/record-bill.command.js';
import type { BillTerms } from '../../src/payments/payments.events.js';
import type { ReadModels } from '../../src/read-models/read-models.js';
import { ForgetCandidate } from '../../src/registrations/forget-candidate.command.js';
import { RegisterCandidate } from '../../src/registrations/register-candidate.command.js';
import type { Person } from '../../src/registrations/registrations.events.js';
import { RecordScore } from '../../src/results/record-score.command.js';
import type { Vault } from '../../src/vault/vault.js';

/** The ports through which commands are given and checked. */
interface Ports {
  readonly commands: Commands;
  readonly vault: Pick<Vault, 'find'>;
}

/** Milliseconds between two batches of commands, and the largest batch. */
const PACE = 25;
const HANDFUL = 4;

/** Percentages of commands that are given twice at once, and of those that are repeated later. */
const TWICE = 8;
const AGAIN = 5;

const PERIOD = '2904';
const COURSES = Array.from({ length: 12 }, (_, at) => `0${9_001 + at}`);
const DISTRICTS = ['甲区', '乙区', '丙区'];
const FEE = 3_000;
const cause: Cause = { by: 'office:soak', origin: 'office', correlation: randomUUID() };

type Differing = readonly string[];

/** Commands at a steady rate, some of them twice, and the expected outcome by the test's own calculation. */
export class SteadyCommands {
  /** How many events a command records, by its id, however often it is given. */
  private readonly events = new Map<string, number>();
  private readonly past: Command<Appended>[] = [];
  private readonly candidates: string[] = [];
  /** By candidate and course. */
  private readonly sittings = new Map<string, Map<string, Partial<Sitting>>>();
  private readonly bills = new Map<string, BillTerms & { readonly state: 'due' | 'paid' }>();
  private readonly phones = new Map<string, string>();
  /** Whether a candidate still exists. */
  private readonly remembered = new Map<string, boolean>();
  private readonly inHand = new Set<Promise<void>>();
  private readonly faults: unknown[] = [];
  private count = 0;
  private going: Promise<void> | undefined;
  private ended = false;

  constructor(
    private readonly ports: Ports,
    private readonly random: Random,
  ) {}

  /** Registers candidates and gives commands about them at once. */
  async burst(candidates: number, commands: number): Promise<void> {
    for (let at = 0; at < candidates; at++) this.keep(this.register());
    await this.settled();
    for (let at = 0; at < commands; at++) this.keep(this.some());
    await this.settled();
  }

  /** Gives commands until `end`. */
  begin(): void {
    this.going = this.goOn();
  }

  /** Resolves when all commands are answered. @throws AggregateError of those that were not recorded */
  async end(): Promise<void> {
    this.ended = true;
    await this.going;
    await this.settled();
    if (this.faults.length > 0) throw new AggregateError(this.faults, `${this.faults.length} commands were not recorded: ${this.faults[0]}`);
  }

  private async goOn(): Promise<void> {
    for await (const _ of setInterval(PACE)) {
      if (this.ended) return;
      for (let left = this.random.between(1, HANDFUL); left > 0; left--) this.keep(this.some());
    }
  }

  private keep(work: Promise<void>): void {
    const kept = work.catch((error: unknown) => void this.faults.push(error)).finally(() => this.inHand.delete(kept));
    this.inHand.add(kept);
  }

  private async settled(): Promise<void> {
    while (this.inHand.size > 0) await Promise.all(this.inHand);
  }

  private some(): Promise<void> {
    if (this.past.length > 0 && this.random.chance(AGAIN)) return this.send(this.random.pick(this.past));
    const kind = this.random.between(1, 100);
    if (kind <= 40) return this.score();
    if (kind <= 65) return this.enrol();
    if (kind <= 85) return this.bill();
    if (kind <= 95) return this.district();
    return this.register();
  }

  private score(): Promise<void> {
    const [id, course, known] = this.sitting();
    const score = this.random.between(0, 100);
    const before = known.result;
    const same = before && 'score' in before && before.score === score;
    if (!same) Object.assign(known, { result: { score }, ...(before && { corrected: before }) });
    return this.give(new RecordScore(this.given(), id, PERIOD, course, { score }), same ? 0 : 1);
  }

  private enrol(): Promise<void> {
    const [id, course, known] = this.sitting();
    const state: EnrolmentState = this.random.chance(60) ? 'enrolled' : 'withdrawn';
    const same = known.enrolled === (state === 'enrolled');
    known.enrolled = state === 'enrolled';
    return this.give(new RecordEnrolment(this.given(), id, PERIOD, course, state), same ? 0 : 1);
  }

  /** Issues a bill, or pays one that is due. */
  private bill(): Promise<void> {
    const due = [...this.bills.values()].slice(-20).find(({ state }) => state === 'due');
    if (due && this.random.chance(50)) {
      const { state: _, ...terms } = due;
      this.bills.set(terms.bill, { ...terms, state: 'paid' });
      return this.give(new RecordBill(this.given(), terms, 'paid', terms.createdAt), 1);
    }
    const terms: BillTerms = {
      candidateId: this.random.pick(this.candidates),
      bill: String(90_000_000_000_000 + this.bills.size),
      kind: 'enrolment',
      period: PERIOD,
      lines: [{ code: this.random.pick(COURSES), fen: FEE }],
      fen: FEE,
      createdAt: new Date().toISOString(),
    };
    this.bills.set(terms.bill, { ...terms, state: 'due' });
    return this.give(new RecordBill(this.given(), terms, 'due'), 1);
  }

  private district(): Promise<void> {
    const name = this.random.pick(DISTRICTS);
    const phone = String(10_000_000 + this.count);
    this.phones.set(name, phone);
    return this.give(new DescribeDistrict(this.given(), name, { office: `${name}自考办`, place: '试验中心', address: '试验路1号', phone }), 1);
  }

  /** Registers a candidate; every third is forgotten again. */
  private async register(): Promise<void> {
    const number = this.count++;
    const standing = { district: '西城区', registeredPeriod: PERIOD, accountState: 'normal', confirmed: true } as const;
    const person = newPerson(number);
    await this.give(new RegisterCandidate(this.given(), person, standing), 2, false);
    const [id] = await this.ports.vault.find([person.admissionNo]);
    if (id === undefined) throw new Error(`${number} is not in the vault`);
    this.remembered.set(id, number % 3 !== 2);
    if (number % 3 === 2) await this.give(new ForgetCandidate(this.given(), id), 1, false);
    else this.candidates.push(id);
  }

  private sitting(): readonly [string, string, { -readonly [Part in keyof Sitting]?: Sitting[Part] }] {
    const id = this.random.pick(this.candidates);
    const course = this.random.pick(COURSES);
    const courses = this.sittings.get(id) ?? new Map<string, Partial<Sitting>>();
    this.sittings.set(id, courses);
    const known = courses.get(course) ?? {};
    courses.set(course, known);
    return [id, course, known];
  }

  private given(): Given {
    this.count++;
    return { id: randomUUID(), at: new Date().toISOString() };
  }

  private async give(command: Command<Appended> & { readonly given: Given }, events: number, mayComeLater = events > 0): Promise<void> {
    this.events.set(command.given.id, events);
    if (mayComeLater) this.past.push(command);
    const twice = this.random.chance(TWICE) ? [this.send(command)] : [];
    await Promise.all([this.send(command), ...twice]);
  }

  private async send(command: Command<Appended>): Promise<void> {
    await causedBy(cause, () => this.ports.commands.execute(command));
  }

  /** Commands that are not in the log exactly as often as expected. */
  wronglyRecorded(log: readonly Recorded[]): Differing {
    const ours = log.filter(({ metadata }) => metadata.correlation === cause.correlation);
    const byCommand = Map.groupBy(ours, ({ metadata }) => metadata.command);
    return [...new Set([...this.events.keys(), ...byCommand.keys()])].flatMap((id) => {
      const recorded = byCommand.get(id) ?? [];
      const expected = this.events.get(id) ?? 0;
      return recorded.length === expected ? [] : [`${id} recorded ${recorded.map(({ type }) => type).join() || 'nothing'}: ${expected} expected`];
    });
  }

  /** What pages show that differs from the expected outcome. */
  async wronglyShown(readModels: ReadModels): Promise<Differing> {
    const differing: string[] = [];
    const compare = (what: string, shown: unknown, expected: unknown) => {
      if (shown !== expected) differing.push(`${what}: ${shown} is shown, ${expected} expected`);
    };
    for (const [id, courses] of this.sittings) {
      const shown = (await readModels.get(sittings, id))[PERIOD] ?? {};
      for (const [course, { enrolled = false, result, corrected }] of courses) {
        compare(`${id} ${course} enrolled`, shown[course]?.enrolled, enrolled);
        compare(`${id} ${course} result`, JSON.stringify(shown[course]?.result), JSON.stringify(result));
        compare(`${id} ${course} corrected`, JSON.stringify(shown[course]?.corrected), JSON.stringify(corrected));
      }
    }
    for (const { bill, candidateId, state } of this.bills.values()) {
      compare(bill, (await readModels.get(bills, candidateId))[bill]?.state, state);
    }
    for (const [id, there] of this.remembered) compare(`${id} confirmed`, (await readModels.get(candidate, id)).confirmed, there);
    for (const [name, phone] of this.phones) compare(name, (await readModels.get(districts, name)).phone, phone);
    return differing;
  }
}

function newPerson(number: number): Person {
  return {
    admissionNo: String(980_000_000_000 + number),
    name: '示范考生',
    idType: '居民身份证',
    idNo: '119900199611020005',
    sex: '女',
    birth: '1996-11-02',
    health: '健康',
    ethnicity: '汉',
    household: '北京市',
  };
}
