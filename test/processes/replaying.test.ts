import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { type Ended, jsonOf, run } from '../cli/run.js';
import { told } from '../cli/told.js';
import { damage } from '../read-models/damage.js';
import { until } from '../until.js';
import { ask, CentreProcess, folder, signIn } from './centre-process.js';
import { Release } from './release.js';

// the steps of docs/replaying.md

/** The account 各种成绩: one of its papers was corrected from 58 to 63 after the release. */
const ACCOUNT = '110000000003';
const PASSWORD = 'zikao-demo-1';
const DEMO = { DEMO: 'true' };

/** A running demo centre, and the pages of one of its candidates. */
class Shown {
  private constructor(
    readonly data: string,
    private readonly address: string,
    private readonly cookie: string,
    private readonly program: string | undefined,
  ) {}

  static async start(data: string, program?: string): Promise<Shown & { end(): Promise<Ended> }> {
    const centre = new CentreProcess({ DATA_DIR: data, ...DEMO }, program);
    const { address } = await centre.started();
    const shown = new Shown(data, address, await signIn(address, ACCOUNT, PASSWORD), program);
    return Object.assign(shown, { end: () => centre.kill('SIGTERM') });
  }

  /** The corrected paper on the results page: its score, and its code and period as in `2608.00149`. */
  async corrected(): Promise<{ readonly score: string; readonly course: string; readonly period: string }> {
    const { status, body } = await ask(this.address, '/center/results', { cookie: this.cookie });
    expect(status).toBe(200);
    const $ = load(body);
    const row = $('.row').filter((_, each) => $(each).text().includes('成绩已更正'));
    expect(row).toHaveLength(1);
    const line = row.text();
    return { score: row.find('.score').text(), course: /\d{5}/.exec(line)?.[0] ?? '', period: /(\d{4})期/.exec(line)?.[1] ?? '' };
  }

  /** Runs a command of the same release on the same data. */
  async command(...args: readonly string[]): Promise<Ended> {
    const environment = { DATA_DIR: this.data, ...DEMO };
    return this.program === undefined ? told(args, environment) : run(args, environment, this.program).ended;
  }
}

/** The JSON output of a command that must succeed. */
async function answered(shown: Shown, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const ended = await shown.command(...args, '--json');
  expect(ended).toMatchObject({ code: 0 });
  return jsonOf(ended);
}

/** Every corrected paper in the log, as `<candidate> <period>.<course>`. */
function correctedPapers(data: string): readonly string[] {
  const db = new DatabaseSync(join(data, 'events.sqlite'), { readOnly: true });
  const rows = db.prepare(`SELECT data FROM events WHERE type = 'ScoreCorrected'`).all();
  db.close();
  const papers = rows.map(({ data: text }) => JSON.parse(String(text)) as { candidateId: string; period: string; course: string });
  return [...new Set(papers.map(({ candidateId, period, course }) => `${candidateId} ${period}.${course}`))].toSorted();
}

describe('Replaying, as docs/replaying.md shows it', () => {
  it('Replaying, as docs/replaying.md shows it, proves a correction and repairs a damaged document while pages are read', async () => {
    const centre = await Shown.start(folder());
    const { score, course, period } = await centre.corrected();
    expect(score).toBe('63');

    // a correction is an event, and shows at once
    const batch = folder();
    writeFileSync(join(batch, 'scores.csv'), `admission_no,period,course,score,grade,remark\n${ACCOUNT},${period},${course},81,,\n`);
    expect(await answered(centre, 'import', batch)).toMatchObject({ recorded: 1, bad: 0 });
    await until('the page to show the correction', async () => (await centre.corrected()).score === '81');

    // a replay finds no difference
    const none = { added: { documents: 0 }, removed: { documents: 0 }, changed: { documents: 0 }, moving: { documents: 0 } };
    expect(await answered(centre, 'replay', 'sittings', '--diff')).toMatchObject({ differences: [{ other: 'sittings@2-2', ...none }] });
    expect(await answered(centre, 'drop', 'sittings@2-2', '--yes')).toMatchObject({ dropped: 'sittings@2-2' });
    expect(await answered(centre, 'verify', 'sittings')).toMatchObject({ verified: [{ differing: { documents: 0 } }] });

    // a document damaged by hand
    const path = `$."${period}"."${course}".result.score`;
    expect(
      damage(
        centre.data,
        `UPDATE "sittings@2" SET document = json_set(document, ?1, 99) WHERE json_extract(document, ?1) = 81 AND json_extract(document, replace(?1, 'result.score', 'corrected')) IS NOT NULL`,
        path,
      ),
    ).toBe(1);
    expect((await centre.corrected()).score).toBe('99');
    const verified = await centre.command('verify', 'sittings', '--json');
    const field = `${period}.${course}.result.score`;
    expect(verified.code).toBe(1);
    expect(jsonOf(verified)).toMatchObject({
      verified: [{ differing: { documents: 1, examples: [{ kind: 'changed', fields: [{ path: field, fromLog: 81, stored: 99 }] }] } }],
    });

    // the difference names it
    const report = join(batch, 'difference.html');
    const found = await answered(centre, 'replay', 'sittings', '--diff', '--report', report);
    const example = { key: expect.any(String), fields: [{ path: field, before: 99, after: 81 }] };
    expect(found).toMatchObject({
      differences: [{ ...none, changed: { documents: 1, examples: [example] }, fields: [{ field: '*.*.result.score', documents: 1 }] }],
    });
    const [{ changed }] = found.differences as [{ changed: { examples: [{ key: string }] } }];
    const { key } = changed.examples[0];
    expect(readFileSync(report, 'utf8')).toContain(key);

    // its events tell why it has to be 81
    const explained = await centre.command('explain', 'sittings', key, field, '--json');
    expect(explained.code).toBe(1); // for what is stored differs
    const { events, value } = jsonOf<{ events: { type: string; changes: { after: unknown }[] }[]; value: unknown }>(explained);
    expect(value).toBe(81);
    const scores = events.map(({ type, changes }) => [type, changes[0]?.after]);
    expect(scores).toEqual([
      ['ScoreRecorded', 58],
      ['ScoreCorrected', 63],
      ['ScoreCorrected', 81],
    ]);

    // the switch cures it
    expect(await answered(centre, 'switch', 'sittings')).toMatchObject({ done: true });
    expect((await centre.corrected()).score).toBe('81');
    expect(await answered(centre, 'verify', 'sittings')).toMatchObject({
      verified: [{ build: expect.stringMatching(/^sittings@2-/), differing: { documents: 0 } }],
    });
    expect(await centre.end()).toMatchObject({ code: 0 });
  });

  it('Replaying, as docs/replaying.md shows it, introduces a fixed projection, shows exactly what it changes, and rolls back', async () => {
    // a release with a fault: a correction stands where the result from before it belongs
    const release = new Release(folder());
    const right = '{ ...changes, corrected: before, correctedAt: at }';
    const wrong = '{ ...changes, result: before, corrected: changes.result, correctedAt: at }';
    release.edit('projections/sittings.ts', [[right, wrong]]);
    release.build();
    const data = folder();
    const faulty = await Shown.start(data, release.program);
    expect((await faulty.corrected()).score).toBe('58');
    expect(await answered(faulty, 'verify', 'sittings')).toMatchObject({ verified: [{ differing: { documents: 0 } }] }); // it does what its code says
    expect(await faulty.end()).toMatchObject({ code: 0 });

    // mended, and the old one kept: a higher version tells them apart
    release.copy('projections/sittings.ts', 'projections/sittings.v2.ts');
    release.edit('projections/sittings.ts', [[wrong, right]]);
    expect(() => release.build()).toThrow('sittings@2 is made by two files');
    release.edit('projections/sittings.ts', [['version: 2', 'version: 3']]);
    release.edit('src/composition/known/projections.ts', [
      [
        "import { sittings } from '../../../projections/sittings.js';",
        "import { sittings } from '../../../projections/sittings.js';\nimport { sittings as sittingsV2 } from '../../../projections/sittings.v2.js';",
      ],
      ['  sittings,\n', '  sittings,\n  { ...sittingsV2, lift: (document) => document },\n'],
    ]);
    release.build();
    const mended = await Shown.start(data, release.program);
    expect((await mended.corrected()).score).toBe('58'); // version 2 is shown until the switch

    await until('version 3 to be built by itself', async () => {
      const { builds } = await answered(mended, 'projections');
      return (builds as { build: string; state: string }[]).some(({ build, state }) => build === 'sittings@3' && state === 'current');
    });

    const found = await answered(mended, 'replay', 'sittings', '--diff');
    const [difference] = found.differences as [
      {
        added: { documents: number };
        removed: { documents: number };
        changed: { documents: number; examples: { key: string; fields: { path: string }[] }[] };
      },
    ];
    expect([difference.added.documents, difference.removed.documents]).toEqual([0, 0]);
    expect(difference.changed.documents).toBe(difference.changed.examples.length);
    const named = difference.changed.examples.flatMap(({ key, fields }) => fields.map(({ path }) => `${key} ${path.split('.').slice(0, 2).join('.')}`));
    expect([...new Set(named)].toSorted()).toEqual(correctedPapers(data));

    await answered(mended, 'switch', 'sittings');
    expect((await mended.corrected()).score).toBe('63');
    await answered(mended, 'rollback', 'sittings');
    expect((await mended.corrected()).score).toBe('58');
    await answered(mended, 'switch', 'sittings');
    expect((await mended.corrected()).score).toBe('63');
    expect(await answered(mended, 'verify', 'sittings', 'sittings@2')).toMatchObject({
      verified: [{ differing: { documents: 0 } }, { differing: { documents: 0 } }],
    });
    expect(await mended.end()).toMatchObject({ code: 0 });
  });
});
