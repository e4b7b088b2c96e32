/** When pages of the centre show a field: from when it is recorded, or once a period's results or arrangements are released. */
export type ShownFrom = 'recorded' | { readonly period: string; readonly type: 'ResultsReleaseScheduled' | 'ArrangementsReleaseScheduled' };

/** By read model, fields that pages show as they are recorded; `*` is any code or number. */
const AS_RECORDED: Readonly<Record<string, readonly string[]>> = {
  candidate: ['district', 'registeredPeriod', 'accountState', 'confirmed', 'majors'],
  sittings: ['*.*.enrolled', '*.*.paid'],
  bills: ['*.state', '*.fen'],
  declarations: ['*.state'],
  applications: ['*.state'],
};

/** Undefined for a field whose value no page shows as it is. */
export function shownFrom(readModel: string, field: string): ShownFrom | undefined {
  const [period = '', , part] = field.split('.');
  if (readModel === 'sittings' && (part === 'result' || part === 'withheld')) return { period, type: 'ResultsReleaseScheduled' };
  if (readModel === 'sittings' && part === 'seat') return { period, type: 'ArrangementsReleaseScheduled' };
  return AS_RECORDED[readModel]?.some((pattern) => isPart(field.split('.'), pattern.split('.'))) ? 'recorded' : undefined;
}

/** Whether a path is within a pattern. */
function isPart(path: readonly string[], pattern: readonly string[]): boolean {
  return pattern.every((part, at) => path[at] !== undefined && (part === '*' || part === path[at]));
}
