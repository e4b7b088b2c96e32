import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

type Given = readonly (SQLInputValue | Record<string, SQLInputValue>)[];

/** A query of which is known what its rows are. */
export interface Query<Row> {
  get(...given: Given): Row | undefined;
  all(...given: Given): Row[];
  iterate(...given: Given): Iterable<Row>;
}

/** Says what the rows of a query are, which nothing else can: its SQL names the columns, and they hold what was written to them. */
export function query<Row extends object>(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<Row>;
export function query(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<object> {
  return db.prepare(sql);
}

/** The same with rows as arrays: measured to be an eighth faster than objects. */
export function arrayQuery<Row extends readonly unknown[]>(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<Row>;
export function arrayQuery(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<object> {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}
