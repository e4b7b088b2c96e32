import type { Build, Registry } from '../registry.js';

/** What is added to the version of a build that processes of the release before cannot read: they have no code for it, and say so. */
const UNREAD = 0.5;

/**
 * The registry for processes of the release before, which read and write nothing else. They take each build for text: in one of native
 * fields they would find only empty documents, and write text beside the fields.
 */
export function registryText(registry: Registry): string {
  return JSON.stringify({ ...registry, builds: registry.builds.map((build) => (isNative(build) ? { ...build, version: build.version + UNREAD } : build)) });
}

/** Reads what `registryText` wrote, or such a process after it. */
export function registryOfText(text: string): object {
  const registry = JSON.parse(text) as Registry;
  if (!Array.isArray(registry?.builds)) return registry;
  return { ...registry, builds: registry.builds.map((build: Build) => (isNative(build) ? { ...build, version: Math.floor(build.version) } : build)) };
}

function isNative({ form }: Build): boolean {
  return form === 'fields';
}
