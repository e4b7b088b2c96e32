import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

type Given = readonly (SQLInputValue | Record<string, SQLInputValue>)[];

/** A prepared query with typed rows. */
export interface Query<Row> {
  get(...given: Given): Row | undefined;
  all(...given: Given): Row[];
  iterate(...given: Given): Iterable<Row>;
}

/** Prepares a query with the row type that the caller states: the compiler cannot know it from the SQL. */
export function query<Row extends object>(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<Row>;
export function query(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<object> {
  return db.prepare(sql);
}

/** As `query`, with rows as arrays, which measured an eighth faster than objects. */
export function arrayQuery<Row extends readonly unknown[]>(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<Row>;
export function arrayQuery(db: Pick<DatabaseSync, 'prepare'>, sql: string): Query<object> {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}
