/**
 * Which streams of a server are the centre's, for a server may hold those of other programs as well: all whose names begin
 * with the installation's prefix, which is not seen beyond this folder; without one, those of the centre's categories (what
 * stands before the first `-`); without either, all.
 */
export class Scope {
  constructor(
    private readonly prefix = '',
    private readonly categories?: ReadonlySet<string>,
  ) {}

  /** @param kept the name as the server has it */
  has(kept: string): boolean {
    if (this.prefix) return kept.startsWith(this.prefix);
    return this.categories?.has(categoryOf(kept)) ?? true;
  }

  /** The name of a stream as the server has it. */
  serverName(name: string): string {
    return this.prefix + name;
  }

  /** The name of a stream as everybody else has it. */
  localName(kept: string): string {
    return kept.slice(this.prefix.length);
  }

  /** What names begin with, as the server has them; undefined where all streams are the centre's. It can let others through. */
  get prefixes(): readonly string[] | undefined {
    if (this.prefix) return [this.prefix];
    return this.categories && [...this.categories];
  }
}

function categoryOf(name: string): string {
  const end = name.indexOf('-');
  return end < 0 ? name : name.slice(0, end);
}
