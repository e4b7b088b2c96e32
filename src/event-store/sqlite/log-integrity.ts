import { DatabaseSync } from 'node:sqlite';
import { query } from '../../sqlite/query.js';
import { positionOf } from './event-rows.js';
import { SCHEMA, SCHEMA_VERSION } from './log-file.js';

type Preparing = Pick<DatabaseSync, 'prepare'>;

/** What streams of the domain look like, by which a log is checked. */
export interface StreamRules {
  /** Categories, the part of a stream's name before the first `-`, whose streams are each about one candidate. */
  readonly ofCandidates: ReadonlySet<string>;
  /** All other known categories, whose streams are about nobody. */
  readonly others: ReadonlySet<string>;
}

/** `quick`: counts and the schema; `structure`: streams, revisions and subjects too; `whole`: each event's own content too. */
export type LogCheck = 'quick' | 'structure' | 'whole';

/**
 * What is wrong with a log, one sentence each: an event or a stream that is missing, changed in what can be recomputed, or not protected
 * from change. `quick` takes about 0.05 s of processor time for a million events, `structure` a second.
 */
export function damagesOfLog(db: Preparing, rules: StreamRules, check: LogCheck): readonly string[] {
  const { user_version: version } = query<{ user_version: number }>(db, 'PRAGMA user_version').get() ?? { user_version: 0 };
  if (version !== SCHEMA_VERSION) return []; // opening it says so
  const ofSchema = damagesOfSchema(db);
  const quick = [...ofSchema, ...missingEvents(db), ...missingSubjects(db, rules)];
  if (check === 'quick') return quick;
  const structure = [...quick, ...brokenStreams(db), ...unknownStreams(db), ...wrongSubjects(db)];
  return check === 'structure' ? structure : [...structure, ...unreadableEvents(db)];
}

interface SchemaRow {
  readonly name: string;
  readonly sql: string;
}

/** Triggers keep events and streams from being changed or deleted; indexes are part of it too. */
function damagesOfSchema(db: Preparing): readonly string[] {
  const present = new Map(schemaOf(db));
  const lost = expectedSchema().filter(([name, sql]) => present.get(name) !== sql);
  if (lost.length === 0) return [];
  return [`${lost.map(([name]) => name).join('、')} 不见了或被改动，它们防止事件被改动或删除：有人绕过程序改过日志`];
}

function expectedSchema(): readonly (readonly [name: string, sql: string])[] {
  const db = new DatabaseSync(':memory:');
  try {
    db.exec(SCHEMA);
    return schemaOf(db);
  } finally {
    db.close();
  }
}

function schemaOf(db: Preparing): readonly (readonly [name: string, sql: string])[] {
  const rows = query<SchemaRow>(db, 'SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid').all();
  return rows.map(({ name, sql }) => [name, sql.replace(/--.*/g, '').replace(/\s+/g, ' ')] as const);
}

/** Positions are counted up one by one, and none goes. */
function missingEvents(db: Preparing): readonly string[] {
  const { events, first, last } = query<{ events: number; first: number; last: number }>(
    db,
    'SELECT (SELECT count(*) FROM events) AS events, (SELECT coalesce(min(position), 1) FROM events) AS first, (SELECT coalesce(max(position), 0) FROM events) AS last',
  ).get() ?? { events: 0, first: 1, last: 0 };
  if (events === last && first === 1) return [];
  const gap = query<{ position: number }>(
    db,
    'SELECT position + 1 AS position FROM events WHERE NOT EXISTS (SELECT 1 FROM events AS next WHERE next.position = events.position + 1) ORDER BY position LIMIT 1',
  ).get();
  const example = first > 1 ? 1 : (gap?.position ?? 1);
  return [`最后一个事件在位置 ${positionOf(last)}，而事件只有 ${events} 条：缺少 ${last - events} 条，例如位置 ${positionOf(example)}`];
}

const CATEGORY = `substr(name, 1, instr(name || '-', '-') - 1)`;

interface Found {
  readonly count: number;
  readonly example: string | null;
}

/** Only streams of some categories are about a candidate, and each of them is. */
function missingSubjects(db: Preparing, { ofCandidates, others }: StreamRules): readonly string[] {
  const sql = `SELECT count(*) AS count, min(name) AS example FROM streams
    WHERE (subject IS NULL AND ${CATEGORY} IN (SELECT value FROM json_each(?))) OR (subject IS NOT NULL AND ${CATEGORY} IN (SELECT value FROM json_each(?)))`;
  const found = query<Found>(db, sql).get(...[ofCandidates, others].map((categories) => JSON.stringify([...categories])));
  return said(found, (count, example) => `${count} 个事件流没有记着是哪位考生的，或不该记着考生，例如 ${example}`);
}

/** The revisions of a stream are counted up from 0, in the order of the log; it has at least one event. */
function brokenStreams(db: Preparing): readonly string[] {
  const counted = 'SELECT stream, min(revision) AS first, max(revision) AS last, count(*) AS events FROM events GROUP BY stream';
  const disordered = `SELECT next.stream FROM events JOIN events AS next
    ON next.stream = events.stream AND next.revision = events.revision + 1 AND next.position < events.position`;
  const sql = `SELECT count(DISTINCT broken.stream) AS count, min(coalesce(name, broken.stream)) AS example
    FROM (SELECT stream FROM (${counted}) WHERE first <> 0 OR last <> events - 1
          UNION ALL ${disordered}
          UNION ALL SELECT * FROM (SELECT id FROM streams EXCEPT SELECT stream FROM events)) AS broken
    LEFT JOIN streams ON streams.id = broken.stream`;
  return said(query<Found>(db, sql).get(), (count, example) => `${count} 个事件流缺少事件，或事件的次序不对，例如 ${example}`);
}

function unknownStreams(db: Preparing): readonly string[] {
  const sql = `SELECT count(*) AS count, min(stream) AS example FROM (SELECT stream FROM events EXCEPT SELECT id FROM streams)`;
  return said(query<Found>(db, sql).get(), (count, example) => `事件属于 ${count} 个没有登记的事件流，例如第 ${example} 号`);
}

/** A stream's candidate is named by its first event. */
function wrongSubjects(db: Preparing): readonly string[] {
  const sql = `SELECT count(*) AS count, min(name) AS example
    FROM events CROSS JOIN streams ON stream = streams.id AND revision = 0 -- the log is read in its order
    WHERE subject IS NOT NULL AND CASE WHEN json_valid(data) THEN subject <> json_extract(data, '$.candidateId') END`;
  return said(query<Found>(db, sql).get(), (count, example) => `${count} 个事件流记着的考生与其中的事件不符，例如 ${example}`);
}

function unreadableEvents(db: Preparing): readonly string[] {
  const sql = 'SELECT count(*) AS count, min(position) AS example FROM events WHERE NOT (json_valid(data) AND json_valid(metadata) AND length(id) = 16)';
  return said(query<Found>(db, sql).get(), (count, example) => `${count} 条事件不完整，例如位置 ${positionOf(Number(example))}`);
}

function said(found: Found | undefined, sentence: (count: number, example: string) => string): readonly string[] {
  return found && found.count > 0 ? [sentence(found.count, String(found.example))] : [];
}
