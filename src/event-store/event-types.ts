import type { Event } from './event.js';

/** Reads the data of one version as the next: pure, beside the type that it serves. */
export type Upcast = (data: never) => object;

/** For each type of a module's events, the upcasts from version 1 on; its current version is one more than they are. */
export type EventTypes<E extends Event = Event> = { readonly [Type in E['type']]: readonly Upcast[] };

/** The version in which events of a type are written now. */
export function currentVersion(types: EventTypes, type: string): number {
  const upcasts = upcastsOf(types, type);
  if (!upcasts) throw new Error(`event type ${type} is not declared by any module`);
  return upcasts.length + 1;
}

/** The data of an event of any version as its current version; undefined for a type or version of a newer release. */
export function upcast(types: EventTypes, type: string, version: number, data: object): object | undefined {
  const upcasts = upcastsOf(types, type);
  if (!upcasts || version > upcasts.length + 1) return undefined;
  let current = data;
  for (let from = version; from <= upcasts.length; from++) current = (upcasts[from - 1] as Upcast)(current as never);
  return current;
}

function upcastsOf(types: Readonly<Record<string, readonly Upcast[]>>, type: string): readonly Upcast[] | undefined {
  return Object.hasOwn(types, type) ? types[type] : undefined;
}
