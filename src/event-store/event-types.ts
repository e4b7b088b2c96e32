import type { Event } from './event.js';

/** Converts the data of one version to the next. Pure, and declared beside its type. */
export type Upcast = (data: never) => object;

/** For each event type of a module, the upcasts from version 1 on. The current version is their number plus one. */
export type EventTypes<E extends Event = Event> = { readonly [Type in E['type']]: readonly Upcast[] };

/** The version in which events of a type are written. */
export function currentVersion(types: EventTypes, type: string): number {
  const upcasts = upcastsOf(types, type);
  if (!upcasts) throw new Error(`event type ${type} is not declared by any module`);
  return upcasts.length + 1;
}

/** Converts an event's data to the current version; undefined for a type or version of a newer release. */
export function upcast(types: EventTypes, type: string, version: number, data: object): object | undefined {
  if (!isReadable(types, type, version)) return undefined;
  const upcasts = upcastsOf(types, type) ?? [];
  let current = data;
  for (let from = version; from <= upcasts.length; from++) current = (upcasts[from - 1] as Upcast)(current as never);
  return current;
}

/** Whether this release can read events of a type and version. */
export function isReadable(types: EventTypes, type: string, version: number): boolean {
  return version <= (upcastsOf(types, type)?.length ?? -1) + 1;
}

function upcastsOf(types: Readonly<Record<string, readonly Upcast[]>>, type: string): readonly Upcast[] | undefined {
  return Object.hasOwn(types, type) ? types[type] : undefined;
}
