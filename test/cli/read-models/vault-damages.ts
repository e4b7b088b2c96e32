/** The first candidate in the vault. */
export const FIRST = 'SELECT min(id) FROM candidates';

/** What can happen to a vault of three candidates and one who was forgotten, by SQL, and what is said of it. */
export const vaultDamages: readonly (readonly [name: string, sql: string, named: RegExp])[] = [
  ['a candidate missing from the vault', `DELETE FROM candidates WHERE id = (${FIRST})`, /^密钥库（vault）.+日志中有它没有的考生，例如 /],
  ['a key of a candidate cut off', `UPDATE candidates SET wrapped = x'00' WHERE id = (${FIRST})`, /^密钥库（vault）已损坏：1 位考生（.+）的密钥打不开/],
  [
    'the keys of two candidates exchanged',
    `CREATE TEMP TABLE keys AS SELECT id, wrapped FROM candidates; UPDATE candidates SET wrapped = (SELECT wrapped FROM keys WHERE keys.id <> candidates.id ORDER BY keys.id LIMIT 1)`,
    /^密钥库（vault）已损坏：3 位考生（.+）的密钥打不开/,
  ],
  ['another admission number in the vault', `UPDATE candidates SET admission = x'00' WHERE id = (${FIRST})`, /1 位考生（.+）按准考证号找不到/],
  ['another citizen number in the vault', `UPDATE candidates SET citizen = x'00' WHERE id = (${FIRST})`, /1 位考生（.+）按证件号码和姓名找不到/],
  ['no tombstones', 'DELETE FROM tombstones', /不再认得已删除的 1 位考生/],
  ['no key of tombstones', `DELETE FROM vault WHERE name = 'tombstone key'`, /缺少识别已删除号码的密钥/],
  ['a key of tombstones cut off', `UPDATE vault SET value = x'00' WHERE name = 'tombstone key'`, /识别已删除号码的密钥打不开/],
  ['a vault without the check of its master key', `DELETE FROM vault WHERE name = 'check'`, /缺少主密钥的校验值/],
];
