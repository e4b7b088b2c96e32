import type { Refusal } from '../../event-store/refusal.js';
import { moment } from '../views/formats.js';

/** The text of a refusal for people, with its values filled in; an instant is shown in Beijing's time. */
export function refusalMessage({ text, values }: Pick<Refusal, 'text' | 'values'>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => shown(values[name] ?? ''));
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function shown(value: string | number): string {
  return typeof value === 'string' && INSTANT.test(value) ? moment(value) : String(value);
}
