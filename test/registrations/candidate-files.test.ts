import { describe, expect, it } from '@jest/globals';
import { candidates, passwordOf } from '../../src/registrations/candidates.import.js';
import { candidateMajors } from '../../src/registrations/majors/candidate-majors.import.js';
import { rowsOf } from '../file-rows.js';

const ARGON2ID = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$5mWWBZ3Vn2q2pTdVvq5D4cF1l8sTtT0c0r6v3m0uJ7A';
const BCRYPT = `$2b$12$${'abcdefghijklmnopqrstuv'}${'ABCDEFGHIJKLMNOPQRSTUVWXYZ01234'}`;

const rows = rowsOf(candidates, {
  admission_no: '103000000003',
  name: '李艳',
  id_type: '居民身份证',
  id_no: '119900199611020005',
  sex: '女',
  birth: '1996-11-02',
  health: '健康',
  ethnicity: '汉',
  household: '北京市',
  district: '房山区',
  registered_period: '1804',
  account_state: 'normal',
  confirmed: 'Y',
  photo: '',
  password_hash: '',
});

describe('A row of candidates.csv', () => {
  it('A row of candidates.csv becomes RegisterCandidate', () =>
    expect(rows.command()).toMatchObject({
      person: {
        admissionNo: '103000000003',
        name: '李艳',
        idType: '居民身份证',
        idNo: '119900199611020005',
        sex: '女',
        birth: '1996-11-02',
        health: '健康',
        ethnicity: '汉',
        household: '北京市',
      },
      status: { district: '房山区', registeredPeriod: '1804', accountState: 'normal', confirmed: true },
      photo: undefined,
    }));

  it('A row of candidates.csv refers to its district and its period, and defines the candidate', () => {
    expect(rows.references()).toEqual(['district: district 房山区', 'registered_period: period 1804']);
    expect(candidates.defines?.(rows.row())).toEqual({ kind: 'candidate', value: '103000000003' });
  });

  it.each([
    ['admission_no', '10300000003'],
    ['admission_no', '1030000000031'],
    ['admission_no', '10300000000x'],
    ['admission_no', '１０３０００００００３４'],
    ['name', ''],
    ['name', '　'],
    ['name', '李\n艳'],
    ['name', '李'.repeat(101)],
    ['name', '李3'],
    ['name', '1.099009E+11'],
    ['name', '李３'],
    ['name', '李③'],
    ['name', '李Ⅲ'],
    ['name', '李?'],
    ['name', '李？'],
    ['name', '李□'],
    ['name', '李*'],
    ['name', '#N/A'],
    ['name', '#REF!'],
    ['name', 'NULL'],
    ['name', 'undefined'],
    ['name', '·'],
    ['name', '李\u202e艳'],
    ['name', '李\u200f艳'],
    ['sex', '男'],
    ['birth', '1996-11-03'],
    ['id_type', '身份证'],
    ['id_type', ''],
    ['id_no', ''],
    ['id_no', '119900199611020006'],
    ['id_no', '11990019961102000'],
    ['id_no', '119900199602300008'],
    ['sex', '不详'],
    ['birth', '1996-02-30'],
    ['birth', '1996/11/02'],
    ['birth', '0996-11-02'],
    ['birth', ''],
    ['district', ''],
    ['registered_period', '1813'],
    ['registered_period', '201804'],
    ['account_state', '正常'],
    ['account_state', ''],
    ['confirmed', 'y'],
    ['confirmed', ''],
    ['photo', '../../etc/passwd'],
    ['photo', 'a/b.jpg'],
    ['photo', 'a\\b.jpg'],
    ['photo', '.hidden'],
    ['photo', '..'],
    ['password_hash', '{plain}'],
    ['password_hash', 'Pw-3-0-ok'],
    ['password_hash', '{md5}d41d8cd98f00b204e9800998ecf8427e'],
    ['password_hash', `{bcrypt}${ARGON2ID}`],
    ['password_hash', `{argon2id}${BCRYPT}`],
    ['password_hash', `{argon2id}${ARGON2ID.replace('argon2id', 'argon2i')}`],
  ])('A row of candidates.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it.each([
    ['cost 13', `{bcrypt}${BCRYPT.replace('$12$', '$13$')}`],
    ['m=65537', `{argon2id}${ARGON2ID.replace('m=19456', 'm=65537')}`],
    ['t=4', `{argon2id}${ARGON2ID.replace('t=2', 't=4')}`],
    ['p=5', `{argon2id}${ARGON2ID.replace('p=1', 'p=5')}`],
    ['m=999999', `{argon2id}${ARGON2ID.replace('m=19456', 'm=999999')}`],
    ['t=99', `{argon2id}${ARGON2ID.replace('t=2', 't=99')}`],
    ['cost 31', `{bcrypt}${BCRYPT.replace('$12$', '$31$')}`],
  ])('A row of candidates.csv is refused for a password hash that is too costly to check: %s', (_, value) =>
    expect(rows.faulted({ password_hash: value })).toEqual(['password_hash']),
  );

  it.each([
    ['a citizen number with a small x', { id_no: '11990020061219001x', sex: '男', birth: '2006-12-19' }],
    ['a number of another document, which has no check digit', { id_type: '港澳居民来往内地通行证', id_no: 'H1234567800' }],
    ['a long name with a dot', { name: '阿卜杜热合曼·买买提' }],
    ['a leap day', { birth: '2000-02-29', id_no: '119900200002290021' }],
    ['no health, ethnicity or household', { health: '', ethnicity: '', household: '' }],
    ['a hash that costs as much as may be', { password_hash: `{argon2id}${ARGON2ID.replace('m=19456,t=2,p=1', 'm=65536,t=3,p=4')}` }],
    ['bcrypt of cost 12', { password_hash: `{bcrypt}${BCRYPT}` }],
    ['a photo by its file name', { photo: '103000000003.jpg' }],
  ])('A row of candidates.csv accepts %s', (_, changes) => expect(rows.faulted(changes)).toEqual([]));

  it.each(['李〇', '李○', '𠮷叕𰻝', '阿卜杜热合曼。买买提', "O'BRIEN ANNE-MARIE", 'Łukasz', '葛\u{e0100}洪'])(
    'A row of candidates.csv accepts the name %s without a warning',
    (name) => {
      expect(rows.faulted({ name })).toEqual([]);
      expect(candidates.warnings?.(rows.row({ name }))).toEqual([]);
    },
  );

  it.each(['李(女+英)', '李/艳', '李\ue000'])('A row of candidates.csv accepts the name %s with a warning', (name) => {
    expect(rows.faulted({ name })).toEqual([]);
    expect(candidates.warnings?.(rows.row({ name })).map(({ column }) => column)).toEqual(['name']);
  });

  it('A row of candidates.csv replaces a private-use character of GBK in a name by its Unicode character', () =>
    expect(rows.row({ name: '王\ue863' }).name).toBe('王䶮'));

  it('A row of candidates.csv has a fault of its own for a citizen number that a spreadsheet has rounded', () => {
    const reasons = (id_no: string) => candidates.faults?.({ ...rows.row(), id_no }).map(({ reason }) => reason);
    expect(reasons('119900199611020000')).toEqual([expect.stringContaining('表格软件')]);
    expect(reasons('1.199E+17')).toEqual([expect.stringContaining('表格软件')]);
    expect(reasons('119900199611020006')).toEqual([expect.not.stringContaining('表格软件')]);
  });

  it('A row of candidates.csv normalises a citizen number to the form in which it is compared', () => {
    expect(rows.row({ id_no: '11990020061219001x', sex: '男', birth: '2006-12-19' }).id_no).toBe('11990020061219001X');
    expect(rows.row({ id_no: '１１９９００１９９６１１０２０００５' }).id_no).toBe('119900199611020005');
  });

  it('A row of candidates.csv agrees with another row of the same citizen number when the names differ only in spelling', () => {
    const of = (name: string) => candidates.agreement?.(rows.row({ name }));
    expect(of('李 艳')).toEqual(of('李艳'));
    expect(of('李燕')?.on).toBe(of('李艳')?.on);
    expect(of('李燕')?.same).not.toBe(of('李艳')?.same);
    expect(of('李艳')?.fault.column).toBe('name');
  });

  it('A row of candidates.csv gives its password as a hash, as plain text, or not at all', () => {
    const of = (password_hash: string) => passwordOf(rows.row({ password_hash }));
    expect(of('')).toBeUndefined();
    expect(of(`{argon2id}${ARGON2ID}`)).toEqual({ hash: ARGON2ID });
    expect(of(`{bcrypt}${BCRYPT}`)).toEqual({ hash: BCRYPT });
    expect(of('{plain}Pw-3-0-ok')).toEqual({ plain: 'Pw-3-0-ok' });
  });

  it('A row of candidates.csv never repeats a password in the reason of a fault', () =>
    expect(rows.reasons({ password_hash: '{md5}secret' }).join()).not.toContain('secret'));

  it('A row of candidates.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of candidate_majors.csv', () => {
  const rows = rowsOf(candidateMajors, { admission_no: '103000000003', major: '01B0204', state: 'studying', added_period: '1810' });

  it('A row of candidate_majors.csv becomes RecordMajor', () =>
    expect(rows.command({ state: 'graduated' })).toMatchObject({ candidateId: 'c1', major: '01B0204', state: 'graduated', period: '1810' }));

  it('A row of candidate_majors.csv refers to its candidate, its major and its period', () =>
    expect(rows.references()).toEqual(['admission_no: candidate 103000000003', 'major: major 01B0204', 'added_period: period 1810']));

  it.each([
    ['state', 'Studying'],
    ['major', ''],
    ['major', '01B 0204'],
    ['major', '01B/0204'],
    ['added_period', '1800'],
  ])('A row of candidate_majors.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of candidate_majors.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});
