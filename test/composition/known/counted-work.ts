/** More work than a test allows. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/**
 * Counts reads, writes and iterations in the values that it returns, at any depth: each property, entry or key counts one. Copying or
 * searching a collection counts every entry that is passed.
 */
export class CountedWork {
  private counted = 0;
  /** The proxy of each value, and each proxy itself. A WeakMap would take longer than the counted work. */
  private readonly proxies = new Map<object, object>();
  private readonly objects: ProxyHandler<object> = this.countingObjects();
  private readonly collections: ProxyHandler<Map<unknown, unknown> | Set<unknown>> = this.countingCollections();

  /** The count at which it throws TooMuchWork, so that a slow test ends soon. */
  limit = Number.POSITIVE_INFINITY;
  /** Whether values returned from now on are counted. */
  counts = true;

  get count(): number {
    return this.counted;
  }

  /** The same value, counted. */
  watched<Value>(value: Value): Value {
    if (!this.counts || typeof value !== 'object' || value === null) return value;
    const known = this.proxies.get(value);
    if (known) return known as Value;
    const proxy = value instanceof Map || value instanceof Set ? new Proxy(value, this.collections) : new Proxy<object>(value, this.objects);
    this.proxies.set(value, proxy).set(proxy, proxy);
    return proxy as Value;
  }

  private add(steps: number): void {
    this.counted += steps;
    if (this.counted > this.limit) throw new TooMuchWork(`more than ${this.limit} entries were read, written or walked through`);
  }

  private countingObjects(): ProxyHandler<object> {
    return {
      get: (target, key, receiver) => {
        this.add(1);
        return this.watched(Reflect.get(target, key, receiver));
      },
      set: (target, key, written) => {
        this.add(1);
        return Reflect.set(target, key, written);
      },
      has: (target, key) => {
        this.add(1);
        return Reflect.has(target, key);
      },
      deleteProperty: (target, key) => {
        this.add(1);
        return Reflect.deleteProperty(target, key);
      },
      ownKeys: (target) => {
        const keys = Reflect.ownKeys(target);
        this.add(keys.length);
        return keys;
      },
    };
  }

  /** The methods of Map and Set need internal slots, which a proxy lacks, so they are called on the collection itself. */
  private countingCollections(): ProxyHandler<Map<unknown, unknown> | Set<unknown>> {
    return {
      get: (target, key, proxy) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') {
          this.add(1);
          return member;
        }
        return (...given: unknown[]) => {
          this.add(ONE_ENTRY.has(key) || ITERATORS.has(key) ? 1 : target.size);
          const answer: unknown = member.apply(
            target,
            key === 'forEach'
              ? [
                  (...each: unknown[]) =>
                    call(
                      given[0],
                      each.map((part) => this.watched(part)),
                    ),
                ]
              : given,
          );
          if (answer === target) return proxy;
          return isIterator(answer) ? this.watchedEntries(answer) : this.watched(answer);
        };
      },
    };
  }

  /** Counts each entry as it is taken: who takes the first alone does not walk through the rest. */
  private *watchedEntries(entries: Iterable<unknown>): Generator<unknown> {
    for (const entry of entries) {
      this.add(1);
      yield Array.isArray(entry) ? entry.map((part: unknown) => this.watched(part)) : this.watched(entry);
    }
  }
}

const ONE_ENTRY: ReadonlySet<string | symbol> = new Set(['get', 'set', 'has', 'add', 'delete']);
const ITERATORS: ReadonlySet<string | symbol> = new Set(['keys', 'values', 'entries', Symbol.iterator]);

function isIterator(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && Symbol.iterator in value;
}

function call(callback: unknown, given: readonly unknown[]): void {
  if (typeof callback === 'function') callback(...given);
}
