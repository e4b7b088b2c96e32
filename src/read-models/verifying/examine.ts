import { NotEnoughSpace } from '../rebuilding/disk-space.js';
import { isFoundBySubject } from '../rebuilding/document-events.js';
import type { ReplayPorts } from '../rebuilding/rebuild.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import { AlreadyReplaying } from '../rebuilding/replay-lock.js';
import { type Problem, problemsOfDocuments, problemsOfLookups } from './problems.js';
import { compareSome } from './refold-documents.js';
import { verify } from './verify.js';

/** What a look at builds has found. */
export interface Examined {
  readonly problems: readonly Problem[];
  /** Documents that were compared with their events. */
  readonly compared: number;
  /** Whether these are all. */
  readonly all: boolean;
}

/** Documents of each build that are compared where not all are. */
const SAMPLE = 20;

/**
 * Looks at builds without writing anything: compares all documents where the log is small. Otherwise, and while a rebuild or another
 * verification is at work or the disk is nearly full, looks for what a query finds in all of them, and compares a few whose events are
 * found without reading the log, with their index columns and lookups: what was altered of the others is found by `verify` alone.
 */
export async function examine(
  targets: readonly Target[],
  ports: ReplayPorts,
  options: { readonly isSmall: boolean; readonly signal?: AbortSignal },
): Promise<Examined> {
  const { isSmall, ...others } = options;
  if (isSmall) {
    try {
      const verified = await verify(targets, ports, others);
      const compared = verified.reduce((total, { documents }) => total + (documents ?? 0), 0);
      return { problems: verified.flatMap(({ problems }) => problems), compared, all: verified.every(({ found }) => found !== undefined) };
    } catch (error) {
      if (!(error instanceof AlreadyReplaying) && !(error instanceof NotEnoughSpace)) throw error;
    }
  }
  const quick = await verify(targets, ports, { ...others, quick: true });
  const problems: Problem[] = [];
  let compared = 0;
  for (const [at, target] of targets.entries()) {
    const found = quick[at]?.problems ?? [];
    problems.push(...found);
    if (found.some(({ kind }) => kind === 'place' || kind === 'log')) continue;
    const unreadable = await ports.builds.unreadable(target.projection);
    problems.push(...(await problemsOfLookups(target, ports)));
    problems.push(
      ...problemsOfDocuments(
        target,
        unreadable.map((key) => ({ key, kind: 'unreadable' })),
      ),
    );
    const sample = await sampled(target, ports, new Set(unreadable), options.signal);
    problems.push(...sample.problems);
    compared += sample.compared;
  }
  return { problems, compared, all: false };
}

/** @param known keys of documents that are known to differ */
async function sampled(
  target: Target,
  ports: ReplayPorts,
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Pick<Examined, 'problems' | 'compared'>> {
  const keys = await ports.builds.someKeys(target.projection, SAMPLE);
  if (!(await isFoundBySubject(target.projection, keys[0], ports))) return { problems: [], compared: 0 };
  const { documents, found } = await compareSome(target, keys, ports, signal ? { signal } : {});
  const differing = found.keys.filter(({ key }) => !known.has(key)).map(({ key }) => key);
  if (differing.length === 0) return { problems: [], compared: documents };
  const { name } = target.build;
  const says = `${name} 抽查的 ${keys.length} 个文档中有 ${differing.length} 个不符：${differing.join('、')}`;
  return { problems: [{ kind: 'documents', says, cure: [{ kind: 'repair-all', build: name }] }], compared: documents };
}
