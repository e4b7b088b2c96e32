import { hash } from 'node:crypto';
import { normalisedNumber } from './numbers.js';
import { OpenSafe } from './safe.js';
import { type FoundBy, type Identifiers, type ReadableVault, type Safe, Safes } from './vault.js';

const ID = /^([0-9a-f]{8}-[0-9a-f]{4})-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * A vault as it would be after registrations, for previews: it reads the vault below and writes nothing. Every admission number that
 * the vault does not know is taken for one that is being registered. Its id and key follow from the number and a secret, so that overlays
 * with one secret agree, also in several threads. What was asked once is kept: an overlay is for some hundred rows.
 */
export class SafesOverlay extends Safes {
  private readonly idOf = new Map<string, string>();

  /** @param secret random, of one preview */
  constructor(
    private readonly below: Pick<ReadableVault, 'find' | 'safes'>,
    private readonly secret: string,
  ) {
    super();
  }

  async find(admissionNos: readonly string[]): Promise<readonly string[]> {
    const uncached = [...new Set(admissionNos.filter((number) => !this.idOf.has(number)))];
    const known = uncached.length > 0 ? await this.below.find(uncached) : [];
    for (const [at, number] of uncached.entries()) this.idOf.set(number, known[at] ?? this.newId(number));
    return admissionNos.map((number) => this.idOf.get(number) as string);
  }

  async findOrCreateSafes(people: readonly Identifiers[]): Promise<readonly Safe[]> {
    return this.safes(await this.find(people.map(({ admissionNo }) => admissionNo)));
  }

  async safes(ids: readonly string[]): Promise<readonly Safe[]> {
    const recorded = ids.filter((id) => !this.isNew(id));
    const below = recorded.length > 0 ? await this.below.safes(recorded) : [];
    const known = new Map(recorded.map((id, at) => [id, below[at]]));
    return ids.map((id) => known.get(id) ?? new OpenSafe(id, Buffer.from(this.digest('key', id), 'hex')));
  }

  /** Nobody is looked for by name or citizen number in a preview: everybody is found as was said last. */
  async areFoundBy(people: readonly FoundBy[]): Promise<readonly boolean[]> {
    return people.map(() => true);
  }

  async identify(): Promise<void> {}

  private newId(admissionNo: string): string {
    const hex = this.digest('number', normalisedNumber(admissionNo));
    return this.idFrom(`${hex.slice(0, 8)}-${hex.slice(8, 12)}`);
  }

  /** The end of a new id follows from its beginning, by which it is recognised. */
  private isNew(id: string): boolean {
    const [, beginning] = ID.exec(id) ?? [];
    return beginning !== undefined && this.idFrom(beginning) === id;
  }

  private idFrom(beginning: string): string {
    const hex = this.digest('id', beginning);
    return `${beginning}-8${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
  }

  /** Only this preview sees what is made with it, so a plain hash does, which takes a third of an HMAC's time. */
  private digest(what: string, value: string): string {
    return hash('sha256', `${this.secret} ${what} ${value}`);
  }
}
