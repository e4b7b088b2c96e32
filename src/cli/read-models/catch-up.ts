import { v4 as uuid } from 'uuid';
import { assertSoundLog } from '../../composition/damaged-files.js';
import { withReplayPorts } from '../../composition/replay-ports.js';
import { claimReadModels } from '../../composition/starting/assert-own-log.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { assertUsable } from '../../read-models/fingerprints.js';
import { RegisteredBuilds } from '../../read-models/projecting/maintained-builds.js';
import { Projector } from '../../read-models/projecting/projector.js';
import type { Target } from '../../read-models/rebuilding/rebuild-targets.js';
import { type Problem, progressOf } from '../../read-models/verifying/problems.js';
import { verifyTargets } from '../../read-models/verifying/verify-targets.js';
import type { CommandResult, Context } from '../program/command.js';
import { shownProblem } from '../program/remedies.js';

/** `catch-up`: brings the read models to the log's end; ends with 1 when one cannot be brought there. */
export async function runCatchUp({ settings, out, signal }: Context): Promise<CommandResult> {
  assertSoundLog(settings, 'quick');
  const problems = await withReplayPorts(settings, async (ports): Promise<readonly Problem[]> => {
    const { events, store, builds, code, fingerprints } = ports;
    assertUsable(await builds.registry(), code, fingerprints);
    await claimReadModels(settings, events);
    const stopping = new AbortController();
    const kept = new RegisteredBuilds(builds, store, events, code, fingerprints);
    await kept.load(); // first builds are registered
    // a projector that is at work elsewhere begins anew when the registry changes: it reads again how far each build is
    const { targets, problems } = verifyTargets(await builds.change((registry) => ({ ...registry })), code, fingerprints, []);
    const projecting = new Projector(events, store, code, { holder: uuid(), builds: kept }).run(stopping.signal);
    const caughtUp = untilPlacesAreMade(targets, builds, signal)
      .then(() => progressOf(targets, ports, { signal }))
      .finally(() => stopping.abort());
    // both have ended before the stores are closed
    const [found, projected] = await Promise.allSettled([caughtUp, projecting]);
    if (projected.status === 'rejected') throw projected.reason;
    if (found.status === 'rejected') throw found.reason;
    return [...problems, ...found.value.flat()];
  });
  for (const { says } of problems) out.wrong(says);
  if (problems.length === 0) out.done('读模型已经跟上事件');
  return { json: { problems: problems.map(shownProblem) }, differs: problems.length > 0 };
}

/** How often lost places are looked for, and for how long, in milliseconds: a projector that has nothing to do looks every ten seconds. */
const [LOOK, MOST] = [100, 30_000];

/** Waits until the projector has made lost tables or collections anew: until then their checkpoints say how far the lost documents were. */
async function untilPlacesAreMade(targets: readonly Target[], builds: BuildStore, signal: AbortSignal): Promise<void> {
  let lost = targets.map(({ projection }) => projection);
  for (const end = performance.now() + MOST; performance.now() < end; await abortableDelay(signal, LOOK)) {
    signal.throwIfAborted();
    const places = await Promise.all(lost.map(async (projection) => (await builds.inspect(projection)).place));
    lost = lost.filter((_, at) => places[at] === 'missing');
    if (lost.length === 0) return;
  }
}
