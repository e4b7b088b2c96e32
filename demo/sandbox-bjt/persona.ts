import { z } from 'zod';

/** A person whom the phone page offers. */
export interface KnownPerson {
  readonly name: string;
  readonly idNo: string;
  /** What is special about the person, for the page. */
  readonly note: string;
}

/** How 北京通 writes the name: unchanged, with spaces, with another dot and full-width letters, or as another name. */
export const NAME_VARIANTS = ['same', 'spaced', 'other dot', 'other name'] as const;

/** How the platform fails after the person agreed. */
export const FAULTS = ['error', 'slow', 'nonsense'] as const;

const text = z.string().trim().max(100);

/** The phone page's form: the index of a listed person, or a person typed in, and the pressed button. */
export const chosen = z.object({
  person: z.coerce.number().int().min(0).optional(),
  name: text.default(''),
  id_no: text.default(''),
  level: z.enum(['1', '2', '3', '4']).default('3').transform(Number),
  writing: z.enum(NAME_VARIANTS).default('same'),
  do: z.enum(['agree', 'deny', ...FAULTS]),
});

/** The person whom the platform reports to the centre. */
export interface Persona {
  readonly name: string;
  readonly idNo: string;
  readonly level: number;
  readonly fault?: (typeof FAULTS)[number] | undefined;
}

/** Undefined where the form names nobody. */
export function personaOf(form: z.infer<typeof chosen>, people: readonly KnownPerson[]): Persona | undefined {
  const known = form.person === undefined ? undefined : people[form.person];
  const [name, idNo] = [form.name || known?.name, form.id_no || known?.idNo];
  if (!name || !idNo) return undefined;
  return { name: written(name, form.writing), idNo, level: form.level, fault: FAULTS.find((fault) => fault === form.do) };
}

function written(name: string, writing: (typeof NAME_VARIANTS)[number]): string {
  switch (writing) {
    case 'same':
      return name;
    case 'spaced':
      return [...name].join('\u3000');
    case 'other dot':
      return name.replaceAll('·', '•').replace(/[!-~]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0));
    case 'other name':
      return '甄有别';
  }
}
