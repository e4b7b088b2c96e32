import { hasNumberOfPerson } from './number-of-person.js';

const LONGEST = 500;
/** What is not seen, such as a zero-width space or a mark that turns the direction of writing: with it a note is not what people read. */
const INVISIBLE = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** A shorter one, such as a mere surname, stands in too many words. */
const SHORTEST_NAME = 2;

/**
 * What is wrong with a note of an officer, which is one line that names nobody, after the name of its field; undefined when nothing is.
 * @param names of the candidate whom it is about, where that is known
 */
export function noteProblem(text: string, names: readonly string[] = []): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > LONGEST || /\p{Cc}/u.test(trimmed)) return `应填写，不超过 ${LONGEST} 个字，不含换行`;
  if (INVISIBLE.test(trimmed)) return '中有看不见的字符，请重新输入';
  if (hasNumberOfPerson(trimmed)) return '中不要写考生的姓名、证件号或准考证号';
  return names.some((name) => holdsName(trimmed, name)) ? '中写了考生的姓名，请去掉：原因会一直留在记录里，删除个人资料时也删不掉' : undefined;
}

function holdsName(text: string, name: string): boolean {
  const letters = lettersOf(name);
  return [...letters].length >= SHORTEST_NAME && lettersOf(text).includes(letters);
}

/** Blanks and points within a name are typed in many ways. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
