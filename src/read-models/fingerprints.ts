import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { nameOf, type Projection, projectionOf } from './projection.js';
import { type Registry, servedBuild } from './registry.js';

/** The fingerprint of each projection's code: a build made by other code must have another version. */
export interface Fingerprints {
  of(projection: Projection): string;
}

/** Read models and this release do not fit together; the message says what to do. The process does not start. */
export class UnusableReadModels extends Error {
  override readonly name = 'UnusableReadModels';
}

/** Fingerprints of the compiled files, as the build wrote them; for a projection without one, as in tests, of its functions' text. */
export function knownFingerprints(): Fingerprints {
  const beside = new URL('../../projections/fingerprints.json', import.meta.url);
  const file = existsSync(beside) ? beside : new URL('../../dist/projections/fingerprints.json', import.meta.url);
  const written = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  return { of: (projection) => written[`${projection.name}@${projection.version}`] ?? ofFunctions(projection) };
}

/** Whether a build made by code of that fingerprint holds the documents that this code makes. */
export function isMadeByEquivalentCode(projection: Projection, fingerprint: string, fingerprints: Fingerprints): boolean {
  return fingerprint === fingerprints.of(projection) || projection.earlierFingerprints?.includes(fingerprint) === true;
}

function ofFunctions({ key, on, empty, indexes, lookups, version }: Projection): string {
  const parts = [key, ...Object.values(on), ...Object.values(indexes ?? {}), ...Object.values(lookups ?? {})].map(String);
  return createHash('sha256')
    .update(JSON.stringify([version, empty, Object.keys(on), Object.keys(indexes ?? {}), parts]))
    .digest('hex')
    .slice(0, 16);
}

/**
 * Whether this release can work on what is there.
 * @throws UnusableReadModels when it has no code for a build that is served, or other code for a version than made it
 */
export function assertUsable(registry: Registry, code: readonly Projection[], fingerprints: Fingerprints): void {
  for (const readModel of Object.keys(registry.serving)) {
    const served = servedBuild(registry, readModel);
    if (served && !projectionOf(code, served)) {
      throw new UnusableReadModels(`正在使用的 ${served.name} 在这个版本的程序中没有代码：请使用包含它的版本，或先用那个版本切换到别的版本`);
    }
  }
  for (const projection of code) assertMadeByEquivalentCode(registry, projection, fingerprints);
}

/** @throws UnusableReadModels when other code of the same version made a build that is there */
export function assertMadeByEquivalentCode({ builds }: Registry, projection: Projection, fingerprints: Fingerprints): void {
  for (const build of builds) {
    if (projectionOf([projection], build) && !isMadeByEquivalentCode(projection, build.fingerprint, fingerprints)) {
      throw new UnusableReadModels(
        `${build.name} 是由另外的代码生成的，而 ${nameOf(projection)} 的版本号没有提高：请提高 version，旧的代码留作 .v${build.version}.ts；如果两者生成的文档相同，请把 ${build.fingerprint} 写入 earlierFingerprints`,
      );
    }
  }
}
