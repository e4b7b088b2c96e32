import type { DemoAccount } from './accounts.js';
import type { Candidate } from './people.js';
import type { KnownPerson } from './sandbox-bjt/persona.js';

/** A person who is not registered at the centre. */
const STRANGER: KnownPerson = { name: '甄路过', idNo: '119900199001010053', note: '没有注册自考' };

const STATES = { normal: '', frozen: '账号冻结', suspended: '停考', closed: '账号已注销' } as const;

/** The people whom the sandbox of 北京通 offers: everyone who can sign in with a password, each once, and one who is not registered. */
export function sandboxPeople(candidates: readonly Candidate[], accounts: readonly DemoAccount[]): readonly KnownPerson[] {
  const labels = new Map(accounts.map(({ admissionNo, label }) => [admissionNo, label.split(' · ')[1]]));
  const byNumber = new Map<string, KnownPerson>();
  for (const { person, admissionNo, password, accountState, confirmed } of candidates) {
    if (password === undefined) continue;
    const note = labels.get(admissionNo) ?? ([STATES[accountState], confirmed ? '' : '未现场确认'].filter(Boolean).join('，') || '正常');
    byNumber.set(person.idNo, { name: person.name, idNo: person.idNo, note });
  }
  return [...byNumber.values(), STRANGER];
}
