import { account, flag, note, option } from '../program/parameters.js';

/** Values of a person are shown once it is recorded who looks, and why. */
export const REVEAL = {
  reveal: flag('显示个人信息；先记录谁在看、为什么'),
  by: option('ACCOUNT', '看的人的账号，与 --reveal 一起使用；要先登录（office login），可以不写', account),
  reason: option('TEXT', '为什么看，与 --reveal 一起使用', note),
};

interface Revealing {
  readonly reveal: boolean;
}

/** What a command that takes REVEAL declares beside it. */
export const RECORDS_VIEWING = {
  writes: ({ reveal }: Revealing) => reveal,
  mayHaveDone: ({ reveal }: Revealing) => (reveal ? '可能已经记录了这次查看。再次运行会再记录一次。' : undefined),
};
