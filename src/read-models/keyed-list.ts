/** A list in the order in which entries were added; those of a key are found, changed and removed without a walk through the others. */
export class KeyedList<Key, Entry> {
  private readonly entries = new Map<number, Entry>();
  private readonly places = new Map<Key, Set<number>>();
  private added = 0;

  constructor(
    private readonly keyOf: (entry: Entry) => Key,
    entries: readonly Entry[] = [],
  ) {
    for (const entry of entries) this.add(entry);
  }

  /** The entry of a key that was added first. */
  first(key: Key): Entry | undefined {
    for (const place of this.places.get(key) ?? []) return this.entries.get(place);
    return undefined;
  }

  add(entry: Entry): void {
    const place = this.added++;
    this.entries.set(place, entry);
    const key = this.keyOf(entry);
    const places = this.places.get(key);
    if (places) places.add(place);
    else this.places.set(key, new Set([place]));
  }

  /** Every entry of a key becomes what `changed` answers, with the same key. */
  change(key: Key, changed: (entry: Entry) => Entry): void {
    for (const place of this.places.get(key) ?? []) this.entries.set(place, changed(this.entries.get(place) as Entry));
  }

  remove(key: Key): void {
    for (const place of this.places.get(key) ?? []) this.entries.delete(place);
    this.places.delete(key);
  }

  toArray(): readonly Entry[] {
    return [...this.entries.values()];
  }
}
