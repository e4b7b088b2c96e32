import type { Person } from '../../src/registrations/registrations.events.js';

export const person: Person = {
  admissionNo: '103000000003',
  name: '李艳',
  idType: '居民身份证',
  idNo: '119900199611020005',
  sex: '女',
  birth: '1996-11-02',
  health: '健康',
  ethnicity: '汉',
  household: '北京市',
};
