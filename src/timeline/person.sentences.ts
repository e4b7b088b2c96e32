import type { Device, IdentityEvent, SignInWay } from '../identity/identity.events.js';
import type { PersonalField, Registration, RegistrationEvent, ResetWay } from '../registrations/registrations.events.js';
import { accountStateNames } from '../registrations/state-names.js';
import type { Sealed } from '../vault/vault.js';
import { moment } from '../web/views/formats.js';
import { given, type Sentences, type Words } from './words.js';

const fields: Readonly<Record<PersonalField, string>> = {
  name: '姓名',
  idType: '证件类型',
  idNo: '证件号码',
  sex: '性别',
  birth: '出生日期',
  health: '健康状况',
  ethnicity: '民族',
  household: '户籍',
};

const signInWays: Readonly<Record<SignInWay, string>> = { password: '用密码', bjt: '通过北京通', switch: '从本人的另一个准考证号切换' };
const resetWays: Readonly<Record<ResetWay, string>> = { code: '用重设码', real_name: '通过北京通实名认证', other_number: '因为在本人的另一个准考证号改了密码' };

/** What happens to a person and the account. */
export const personSentences: Sentences<RegistrationEvent | IdentityEvent> = {
  CandidateRegistered: (data, words) => `登记为考生：${registration(data, words)}`,
  CandidateCorrected: (data, words) => `考生资料整份更正为：${registration(data, words)}`,
  PersonCorrected: ({ values, district, registeredPeriod }, words) =>
    `更正了${[
      ...(Object.keys(values) as PersonalField[]).map(
        (field) =>
          `${fields[field]}${given(values[field], (sealed) => given(words.open(sealed), (value) => `为 ${field === 'idNo' ? words.idNo(value) : value}`))}`,
      ),
      ...(district === undefined ? [] : [`考区为 ${district}`]),
      ...(registeredPeriod === undefined ? [] : [`注册时间为 ${words.period(registeredPeriod)}`]),
    ].join('、')}`,
  AccountStateChanged: ({ state }) => `账号状态改为${accountStateNames[state]}`,
  SiteConfirmed: () => '完成现场确认',
  SiteConfirmationWithdrawn: () => '现场确认被撤销',
  PasswordSet: ({ rehashed, copyOf }) =>
    rehashed ? '密码没有变，换了更好的保存方式' : copyOf === undefined ? '设置了密码' : '密码与本人的另一个准考证号一致了',
  ResetCodeIssued: ({ until }) => `发放了重设密码的一次性代码，有效期到 ${moment(until)}`,
  PasswordReset: ({ way }) => `${resetWays[way]}重设密码`,
  MajorAdded: ({ major, period }, words) => `从 ${words.period(period)} 起报考专业 ${words.major(major)}`,
  MajorWithdrawn: ({ major }, words) => `专业 ${words.major(major)} 记错了，已撤销`,
  MajorGraduated: ({ major }, words) => `专业 ${words.major(major)} 毕业`,
  MajorLeft: ({ major }, words) => `离开专业 ${words.major(major)}`,
  RegistrationVoided: () => '登记记错了，已撤销：账号、密码和专业一起撤销',
  CandidateForgotten: () => '个人信息的密钥已销毁，个人信息再也无法读出',
  SignedIn: ({ way = 'password', device }, words) => `${signInWays[way]}登录${from(device, words)}`,
  SignInsFailed: ({ times, device }, words) => `登录失败 ${times} 次${from(device, words)}`,
  SessionsEnded: ({ spared, password }) => `${password === undefined ? '' : '因为改了密码，'}${spared === undefined ? '所有' : '其他'}设备上的登录已结束`,
  SignedOut: () => '退出登录',
};

function registration({ district, registeredPeriod, person, photo }: Registration, words: Words): string {
  const opened = words.open(person);
  const who = opened
    ? `${opened.name}，准考证号 ${opened.admissionNo}，${opened.idType} ${words.idNo(opened.idNo)}，${opened.sex}，${opened.birth} 出生，`
    : '';
  return `${who}考区 ${district || '（无）'}，注册时间 ${words.period(registeredPeriod)}，${photo === undefined ? '照片未上传' : '有照片'}`;
}

function from(device: Sealed<Device>, words: Words): string {
  return given(words.open(device), ({ address, userAgent }) => `，地址 ${address}，设备 ${userAgent}`);
}
