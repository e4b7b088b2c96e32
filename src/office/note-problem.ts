/** A citizen number or an admission number: no person is to be named in a note. */
const NUMBER_OF_A_PERSON = /(?<!\d)(\d{17}[\dXx]|\d{15}|\d{12})(?!\d)/;
const LONGEST = 500;

/** What is wrong with a note of an officer, which is one line that names nobody, after the name of its field; undefined when nothing is. */
export function noteProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > LONGEST || /\p{Cc}/u.test(trimmed)) return `应填写，不超过 ${LONGEST} 个字，不含换行`;
  return NUMBER_OF_A_PERSON.test(trimmed) ? '中不要写考生的姓名、证件号或准考证号' : undefined;
}
