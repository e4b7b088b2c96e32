import { lruCache } from '../../kernel/lru-cache.js';
import { query } from '../../sqlite/query.js';
import type { Reference, ReferenceKind } from '../files/import-file.js';
import type { Staging } from '../staging/staging.js';

/** For each value of a kind, whether it is recorded already. */
export type KnownValues = (kind: ReferenceKind, values: readonly string[]) => Promise<readonly boolean[]>;

const PAGE = 1_000;
const CACHED_REFERENCES = 20_000;

const NAMES: Readonly<Record<ReferenceKind, string>> = {
  candidate: '准考证号',
  period: '考期',
  unit: '单元',
  course: '课程',
  major: '专业',
  district: '考区',
  declaration_period: '申报期',
};

/** The values that the rows of a batch refer to. A value is known when a good row of an accepted file defines it, or when it is recorded. */
export class References {
  private readonly database;
  private readonly knownReference;
  private readonly definedReference;
  private readonly known = lruCache<boolean>(CACHED_REFERENCES);

  constructor(
    staging: Staging,
    private readonly recorded: KnownValues,
  ) {
    this.database = staging.database;
    this.knownReference = this.database.prepare('SELECT 1 FROM wanted WHERE kind = ? AND value = ? AND recorded IS NOT 0');
    this.definedReference = this.database.prepare('SELECT 1 FROM defined WHERE kind = ? AND value = ?');
  }

  /**
   * Looks up the referenced values, while the files with these indexes are kept out.
   * @returns whether any value is unknown
   */
  async resolve(keptOut: readonly number[]): Promise<boolean> {
    const { database } = this;
    this.known.clear();
    const page = query<{ readonly kind: ReferenceKind; readonly value: string }>(
      database,
      `
      SELECT kind, value FROM wanted
      WHERE (kind, value) > (?, ?) AND recorded IS NULL AND NOT EXISTS (
        SELECT 1 FROM defined WHERE defined.kind = wanted.kind AND defined.value = wanted.value AND file NOT IN (${keptOut.join()})
          AND NOT EXISTS (SELECT 1 FROM bad WHERE bad.file = defined.file AND bad.line = defined.line))
      ORDER BY kind, value LIMIT ${PAGE}`,
    );
    const answer = database.prepare('UPDATE wanted SET recorded = ? WHERE kind = ? AND value = ?');
    let after = { kind: '', value: '' };
    for (;;) {
      const wanted = page.all(after.kind, after.value);
      for (const [kind, asked] of Map.groupBy(wanted, ({ kind }) => kind)) {
        const known = await this.recorded(
          kind,
          asked.map(({ value }) => value),
        );
        asked.forEach(({ value }, at) => {
          answer.run(known[at] ? 1 : 0, kind, value);
        });
      }
      const last = wanted.at(-1);
      if (!last) break;
      after = last;
    }
    return database.prepare('SELECT 1 FROM wanted WHERE recorded = 0 LIMIT 1').get() !== undefined;
  }

  /** The fault of a reference by the last `resolve`; undefined when its value is known. */
  fault({ kind, value, column }: Reference) {
    if (this.isKnown(kind, value)) return undefined;
    const name = NAMES[kind];
    const reason = this.definedReference.get(kind, value) ? `这批文件中说明该${name}的行或文件有错，未被接收` : `没有这个${name}：这批文件里没有，也没有登记过`;
    return { column, reason };
  }

  private isKnown(kind: ReferenceKind, value: string): boolean {
    const name = `${kind}/${value}`;
    let known = this.known.get(name);
    if (known === undefined) {
      known = this.knownReference.get(kind, value) !== undefined;
      this.known.set(name, known);
    }
    return known;
  }
}
