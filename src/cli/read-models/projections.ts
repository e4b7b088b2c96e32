import { join } from 'node:path';
import { projectionsFor } from '../../composition/known/projections.js';
import { openBuildStore, openEventStore, openProjectionStore } from '../../composition/stores.js';
import { type BuildReport, buildReports } from '../../read-models/build-reports.js';
import { isReplaying } from '../../read-models/rebuilding/replay-lock.js';
import type { CommandResult, Context } from '../program/command.js';
import { buildInWords } from './build-in-words.js';

/** `projections`: which builds there are, which is served, and how they are getting on. */
export async function runProjections({ settings, out }: Context): Promise<CommandResult> {
  const builds = await openBuildStore(settings);
  const store = await openProjectionStore(settings);
  const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
  try {
    const ports = { events, builds, store, code: projectionsFor(settings) };
    const { builds: reports, unmade } = await buildReports(ports, isReplaying(join(settings.DATA_DIR, 'replay')));
    for (const each of reports) {
      out.answer(buildInWords(each));
      for (const { key, position, error } of each.quarantined) out.wrong(`  隔离 ${key}（事件位置 ${position}）：${error}`);
    }
    for (const name of unmade) out.wrong(`${name}：没有可以读取的版本；请运行 catch-up，或启动个人中心`);
    return { json: { builds: reports.map(inJson), unmade } };
  } finally {
    await store.close();
    await events.close();
    await builds.close();
  }
}

function inJson({ build: { name, state }, role, ...report }: BuildReport) {
  return { build: name, served: role === 'served', state, role, ...report };
}
