import { availableParallelism, cpus, totalmem } from 'node:os';
import { bson } from './bson.bench.js';
import { correcting } from './corrections.bench.js';
import { dryRuns } from './dry-run.bench.js';
import { eventstoredb } from './eventstoredb.bench.js';
import { imports } from './import.bench.js';
import { logins } from './login.bench.js';
import { type Benchmark, type Finding, formatted, type NotMeasured } from './measure.js';
import { notifications } from './notifications.bench.js';
import { p99 } from './p99.bench.js';
import { page } from './page.bench.js';
import { projector } from './projector.bench.js';
import { reconciling } from './reconcile.bench.js';
import { refolding } from './refold.bench.js';
import { replay } from './replay.bench.js';
import { replayAll } from './replay-all.bench.js';
import { verifying } from './verify.bench.js';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  projector,
  page,
  import: imports,
  'dry-run': dryRuns,
  corrections: correcting,
  notifications,
  reconcile: reconciling,
  p99,
  login: logins,
  replay,
  'replay-all': replayAll,
  refold: refolding,
  verify: verifying,
  bson,
  eventstoredb,
};

/** `npm run bench [-- NAME…]`: runs the benchmarks one after another. A missed aim is only reported. */
async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`);
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  process.stdout.write(`${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}\n`);
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (names.length > 0 && !names.includes(name)) continue;
    for await (const finding of benchmark()) process.stdout.write(`\n${textOf(name, finding)}\n`);
  }
}

function textOf(name: string, finding: Finding | NotMeasured): string {
  if ('leftOut' in finding) return `${name}: ${finding.what}: left out: ${finding.leftOut}`;
  const { what, figures, value, unit, aim } = finding;
  const [bound, met] =
    'most' in aim ? [`at most ${formatted(aim.most, unit)}`, value <= aim.most] : [`at least ${formatted(aim.least, unit)}`, value >= aim.least];
  return [`${name}: ${what}`, ...figures.map((figure) => `  ${figure}`), `  = ${formatted(value, unit)}; aim: ${bound}: ${met ? 'met' : 'not met'}`].join('\n');
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1)); // by way of exit, where scratchFolder folders go
await run(process.argv.slice(2));
