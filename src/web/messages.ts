import type { Refusal } from '../event-store/refusal.js';
import { moment } from './formats.js';

/** What a refusal says to people: its text, with its values filled in; an instant is shown in Beijing's time. */
export function messageOf({ text, values }: Pick<Refusal, 'text' | 'values'>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => shown(values[name] ?? ''));
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function shown(value: string | number): string {
  return typeof value === 'string' && INSTANT.test(value) ? moment(value) : String(value);
}
