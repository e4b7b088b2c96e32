/** The fields of the forms about accounts, by their names. */
export type Field = 'account' | 'password' | 'old' | 'code' | 'again';

const NEW: readonly Field[] = ['password'];

/** The fields that a refusal is about. */
const byRefusal: Readonly<Record<string, readonly Field[]>> = {
  'password.differs': ['again'],
  'password.short': NEW,
  'password.long': NEW,
  'password.unreadable': NEW,
  'password.common': NEW,
  'password.personal': NEW,
  'password.same': NEW,
  'password.wrong_old': ['old'],
  'password.replaced_meanwhile': ['old'],
  'login.wrong': ['account', 'password'],
  'reset.not_proved': ['account', 'code'],
};

/** The fields to be marked as wrong, for templates: `wrong.old`. */
export type WrongFields = Readonly<Record<Field, boolean>>;

/**
 * @param code of the refusal; without one no field is marked
 * @param form what was typed: in an incomplete form the empty fields are wrong
 */
export function wrongFields(code: string | undefined, form: Readonly<Partial<Record<Field, string>>>): WrongFields {
  const isMissing = code === 'password.missing' || code === 'password.missing_new' || code === 'reset.missing' || code === 'login.missing';
  const about = (field: Field) => (isMissing ? form[field]?.trim() === '' : (byRefusal[code ?? '']?.includes(field) ?? false));
  return { account: about('account'), password: about('password'), old: about('old'), code: about('code'), again: about('again') };
}
