/**
 * Which streams of a server are the centre's, since other programs may use the server too: those with the installation's prefix, which
 * is not visible outside this folder; without a prefix, those of the centre's categories (the name before the first `-`); without
 * either, all.
 */
export class Scope {
  constructor(
    private readonly prefix = '',
    private readonly categories?: ReadonlySet<string>,
  ) {}

  /** @param kept the server's name of the stream */
  has(kept: string): boolean {
    if (this.prefix) return kept.startsWith(this.prefix);
    return this.categories?.has(categoryOf(kept)) ?? true;
  }

  /** The server's name of a stream. */
  serverName(name: string): string {
    return this.prefix + name;
  }

  /** The name of a stream as the rest of the program knows it. */
  localName(kept: string): string {
    return kept.slice(this.prefix.length);
  }

  /** Prefixes of the server's stream names, which may match foreign streams too; undefined when all streams are the centre's. */
  get prefixes(): readonly string[] | undefined {
    if (this.prefix) return [this.prefix];
    return this.categories && [...this.categories];
  }
}

function categoryOf(name: string): string {
  const end = name.indexOf('-');
  return end < 0 ? name : name.slice(0, end);
}
