import { expect, it } from '@jest/globals';
import { knownImportFiles } from '../../../src/composition/known/import-files.js';

it('What a row refers to is defined by a file that is read before its own', () => {
  const names = knownImportFiles.map(({ name }) => name);
  expect(names).toHaveLength(20);
  expect(new Set(names).size).toBe(20);
  for (const later of ['units', 'timetable', 'fees', 'candidates']) expect(names.indexOf('periods')).toBeLessThan(names.indexOf(later));
  for (const later of ['candidate_majors', 'enrolments', 'payments', 'arrangements', 'scores', 'declarations', 'status_applications']) {
    expect(names.indexOf('candidates')).toBeLessThan(names.indexOf(later));
  }
});
