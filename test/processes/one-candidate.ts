import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { told } from '../cli/told.js';
import { folder } from './centre-process.js';

export const ACCOUNT = '119912345661';
export const PASSWORD = 'correct horse';

/** A candidate with a password, and the reference data for it. */
export const FILES: Readonly<Record<string, string>> = {
  'courses.csv': 'code,name,credits\n03708,中国近现代史纲要,2\n',
  'districts.csv': 'name,office,place,address,phone\n西城区,西城区自考办,示范楼,示范街0号,00000000\n',
  'periods.csv': `period,name,registration_opens,registration_closes,confirmation_opens,confirmation_closes,enrolment_opens,enrolment_closes,payment_closes,arrangements_released,results_released,review_closes,exam_starts,exam_ends\n2604,2026年4月${','.repeat(12)}\n`,
  'candidates.csv': `admission_no,name,id_type,id_no,sex,birth,health,ethnicity,household,district,registered_period,account_state,confirmed,photo,password_hash\n${ACCOUNT},示范考生,居民身份证,119900199611020005,女,1996-11-02,健康,汉,北京市,西城区,2604,normal,Y,,{plain}${PASSWORD}\n`,
};

/** Writes a folder of files. */
export function written(files: Readonly<Record<string, string>>): string {
  const batch = folder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(batch, name), text);
  return batch;
}

/** Imports files in a separate process. */
export async function bring(data: string, files: Readonly<Record<string, string>>): Promise<void> {
  const { code, stdout, stderr } = await told(['import', written(files)], { DATA_DIR: data });
  if (code !== 0) throw new Error(stdout + stderr);
}
