/**
 * Loaded before the centre (NODE_OPTIONS=--import): ends the process by SIGKILL at one moment, named in KILL_AT:
 *   before commit of BillPaid      an event of this type was written and is not committed
 *   after commit of BillPaid       it is committed, and whoever waits for it has not heard
 *   after commit 2 of BillPaid     the same of the second commit with such an event
 *   after call of /refunds         an outgoing call was answered, and the answer not yet looked at
 */
import { DatabaseSync } from 'node:sqlite';

const [, when, what, time = '1', name] = /^(before|after) (commit|call)(?: (\d+))? of (\S+)$/.exec(process.env.KILL_AT ?? '') ?? [];
if (name === undefined) throw new Error(`KILL_AT names no moment: ${process.env.KILL_AT}`);

const die = () => process.kill(process.pid, 'SIGKILL');

const { prepare, exec } = DatabaseSync.prototype;
/** Databases with an event of the type in their open transaction. */
const holding = new WeakSet();
let commits = 0;

if (what === 'commit') {
  DatabaseSync.prototype.prepare = function prepared(sql, ...options) {
    const statement = prepare.call(this, sql, ...options);
    if (!sql.startsWith('INSERT INTO events ')) return statement;
    const { run } = statement;
    statement.run = (...values) => {
      if (values.includes(name)) holding.add(this);
      return run.apply(statement, values);
    };
    return statement;
  };
  DatabaseSync.prototype.exec = function executed(sql) {
    if (sql === 'ROLLBACK') holding.delete(this);
    if (sql !== 'COMMIT' || !holding.delete(this)) return exec.call(this, sql);
    commits += 1;
    if (commits < Number(time)) return exec.call(this, sql);
    if (when === 'before') die();
    const answer = exec.call(this, sql);
    die();
    return answer;
  };
}

if (what === 'call') {
  const { fetch } = globalThis;
  globalThis.fetch = async (address, given) => {
    const answer = await fetch(address, given);
    if (String(address).endsWith(name)) die();
    return answer;
  };
}
