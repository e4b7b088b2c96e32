import { createHmac } from 'node:crypto';
import { normalisedNumber } from './numbers.js';
import { OpenSafe } from './safe.js';
import { type FoundBy, type Identifiers, type ReadableVault, type Safe, Safes } from './vault.js';

const ID = /^([0-9a-f]{8}-[0-9a-f]{4})-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * A vault as it would be after registrations, for previews: it reads the vault below and writes nothing. Every admission number that
 * the vault does not know is taken for one that is being registered. Its id and key follow from the number and a secret, so that
 * nothing has to be remembered, and threads with one secret agree.
 */
export class SafesOverlay extends Safes {
  /** @param secret random, of one preview */
  constructor(
    private readonly below: Pick<ReadableVault, 'find' | 'safes'>,
    private readonly secret: string,
  ) {
    super();
  }

  async find(admissionNos: readonly string[]): Promise<readonly string[]> {
    const known = await this.below.find(admissionNos);
    return admissionNos.map((number, at) => known[at] ?? this.newId(number));
  }

  async findOrCreateSafes(people: readonly Identifiers[]): Promise<readonly Safe[]> {
    return this.safes(await this.find(people.map(({ admissionNo }) => admissionNo)));
  }

  async safes(ids: readonly string[]): Promise<readonly Safe[]> {
    const recorded = ids.filter((id) => !this.isNew(id));
    const below = recorded.length > 0 ? await this.below.safes(recorded) : [];
    const known = new Map(recorded.map((id, at) => [id, below[at]]));
    return ids.map((id) => known.get(id) ?? new OpenSafe(id, this.keyed('key', id).digest()));
  }

  /** Nobody is looked for by name or citizen number in a preview: everybody is found as was said last. */
  async areFoundBy(people: readonly FoundBy[]): Promise<readonly boolean[]> {
    return people.map(() => true);
  }

  async identify(): Promise<void> {}

  private newId(admissionNo: string): string {
    const hex = this.keyed('number', normalisedNumber(admissionNo)).digest('hex');
    return this.idFrom(`${hex.slice(0, 8)}-${hex.slice(8, 12)}`);
  }

  /** The end of a new id follows from its beginning, by which it is recognised. */
  private isNew(id: string): boolean {
    const [, beginning] = ID.exec(id) ?? [];
    return beginning !== undefined && this.idFrom(beginning) === id;
  }

  private idFrom(beginning: string): string {
    const hex = this.keyed('id', beginning).digest('hex');
    return `${beginning}-8${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
  }

  private keyed(what: string, value: string) {
    return createHmac('sha256', this.secret).update(`${what} ${value}`);
  }
}
