import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Projection, projectionOf } from './projection.js';
import { type Build, type Registry, servedBuild } from './registry.js';
import type { Remedy } from './remedies.js';

/** The fingerprint of each projection's code: a build made by other code must have another version. */
export interface Fingerprints {
  of(projection: Projection): string;
}

/** Read models and this release do not fit together; message and remedies say what to do. The process does not start. */
export class UnusableReadModels extends Error {
  override readonly name = 'UnusableReadModels';
  constructor(
    message: string,
    readonly remedies: readonly Remedy[] = [],
    /** What whoever changed the code does instead. */
    readonly ofProgrammer?: string,
  ) {
    super(message);
  }
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
 * Whether this release can work on what is served. Other builds that it has no code for, or other code than made them, are left as they
 * are: nobody maintains them, and they cannot be switched to.
 * @throws UnusableReadModels
 */
export function assertUsable(registry: Registry, code: readonly Projection[], fingerprints: Fingerprints): void {
  assertCodeThere(registry, code);
  for (const build of servedBuilds(registry)) assertMadeByEquivalentCode(build, code, fingerprints);
}

/** @throws UnusableReadModels when there is no code for a build that is served */
export function assertCodeThere(registry: Registry, code: readonly Projection[]): void {
  const without = servedBuilds(registry).find((served) => !projectionOf(code, served));
  if (without) throw new UnusableReadModels(withoutCode(without));
}

/** Says that there is no code for a build that is served. */
export function withoutCode({ name }: Build): string {
  return `正在使用的 ${name} 在这个版本的程序中没有代码：请使用包含它的版本，或先用那个版本切换到别的版本`;
}

/** Says that other code made a build. */
export function byOtherCode({ name }: Build): string {
  return `${name} 是由另外的代码生成的，与这个版本的程序不符`;
}

/** Whether other code of the same version made a build. */
export function isMadeByOtherCode(build: Build, code: readonly Projection[], fingerprints: Fingerprints): boolean {
  const projection = projectionOf(code, build);
  return projection !== undefined && !isMadeByEquivalentCode(projection, build.fingerprint, fingerprints);
}

/** @throws UnusableReadModels when other code of the same version made a build */
export function assertMadeByEquivalentCode(build: Build, code: readonly Projection[], fingerprints: Fingerprints): void {
  if (!isMadeByOtherCode(build, code, fingerprints)) return;
  throw new UnusableReadModels(
    byOtherCode(build),
    [{ kind: 'rebuild', readModel: build.readModel }],
    `改动程序的人要提高 version，旧的代码留作 .v${build.version}.ts；如果两者生成的文档相同，就把 ${build.fingerprint} 写入 earlierFingerprints`,
  );
}

function servedBuilds(registry: Registry): readonly Build[] {
  return Object.keys(registry.serving).flatMap((readModel) => servedBuild(registry, readModel) ?? []);
}
