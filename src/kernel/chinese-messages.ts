import zhCN from 'zod/v4/locales/zh-CN.js';

/** What zod says of a wrong value, in Chinese; given to each check, since a default would be that of all who load zod. */
export const CHINESE = zhCN().localeError;
