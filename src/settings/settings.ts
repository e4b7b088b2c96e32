import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { CHINESE } from '../kernel/chinese-messages.js';

/** A duration such as `90 s`, `30 min`, `2 h` or a number of seconds; in milliseconds. */
const duration = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(s|min|h)?$/, '请写成 90 s、30 min 或 2 h')
  .transform((text) => Number.parseFloat(text) * (text.endsWith('h') ? 3_600_000 : text.endsWith('min') ? 60_000 : 1_000));
/** 0 chooses a free port. */
const port = z.coerce.number().int().min(0).max(65_535);
const MAX_WEB_PROCESSES = 64;
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** 32 bytes in base64. */
const key = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, '请给出 base64 写的 32 个字节');

export const ROLES = ['web', 'projector', 'reactor', 'timer'] as const;

const settings = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  /** The port of /metrics, on HOST. When unset, /metrics is not served. */
  METRICS_PORT: port.optional(),
  /** How many processes share PORT. */
  WEB_PROCESSES: z.coerce.number().int().min(1).max(MAX_WEB_PROCESSES).default(1),
  /** How many proxies are in front, whose word on the client's address is trusted. */
  TRUST_PROXY: z.coerce.number().int().min(0).default(0),
  /** The address that candidates see. When unset, the request's own host. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Allows production without https, where passwords and sessions can be read in transit. */
  ALLOW_PLAIN_HTTP: flag.prefault('false'),
  DATA_DIR: z.string().min(1).default('./data'),
  /** Records a demo cohort when the log is empty, and starts sandboxes with it. Without effect on a log that the demo did not create. */
  DEMO: flag.optional(),
  ROLES: z
    .string()
    .default('all')
    .transform((text) => (text === 'all' ? [...ROLES] : text.split(',').map((role) => role.trim())))
    .pipe(z.array(z.enum(ROLES)).min(1)),
  /** The EventStoreDB that holds the log instead of a SQLite file: `esdb://…`. */
  EVENT_STORE_URL: z.string().optional(),
  /** Prefix of the centre's stream names in an EventStoreDB that other programs use too. Must never be changed. */
  EVENT_STREAM_PREFIX: z
    .string()
    .regex(/^[A-Za-z][\w.-]{0,38}[/:.]$/, '请写成字母和数字，以 / 结尾，如 zikao/')
    .optional(),
  /** Permits a new installation in an EventStoreDB that already holds one: its EVENT_STREAM_PREFIX, or `none` for no prefix. */
  NEW_INSTALLATION: z.string().optional(),
  /** The MongoDB that holds the read models and the vault instead of SQLite files: `mongodb://…`. */
  READ_MODELS_URL: z.string().optional(),
  /** Serves a read model's new version as soon as it is built, before anyone has reviewed the difference. */
  AUTO_SWITCH: flag.prefault('false'),
  /** How many rows a correction may change without a second person's agreement. */
  CORRECTION_ROWS_ALONE: z.coerce.number().int().min(0).default(20),
  SESSION_IDLE: duration.prefault('2 h'),
  SESSION_MAX: duration.prefault('12 h'),
  SESSION_SECRET: z.string().min(32, '至少要有 32 个字符').optional(),
  /** Wraps every candidate's key. */
  MASTER_KEY: key.optional(),
  /** The previous key during a rotation. Only `rotate-master-key` reads it. */
  MASTER_KEY_OLD: key.optional(),
  /** A folder of verification files that apps request at the host's root. */
  ROOT_FILES_DIR: z
    .string()
    .refine((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false, { error: ({ input }) => `没有文件夹 ${input}` })
    .optional(),
  /** The public payment platform. Without all four nothing can be paid. The last two are PEM files with one or two keys. */
  PAYMENT_PLATFORM_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]/.test(url), '不要带 ? 后面的部分')
    .optional(),
  PAYMENT_MERCHANT: z
    .string()
    .regex(/^[\w-]{1,32}$/, '请给出支付平台给这个中心的商户号')
    .optional(),
  PAYMENT_KEY_FILE: z.string().optional(),
  PAYMENT_PLATFORM_KEY_FILE: z.string().optional(),
  /** The demo's sandbox platform: its port on HOST (when unset, a free port that is reused), and the address at which phones reach it. */
  SANDBOX_PORT: port.optional(),
  SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** 北京通 as an OpenID Connect provider. Without all three it is not offered. */
  BJT_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]/.test(url), '不要带 ? 后面的部分')
    .optional(),
  BJT_CLIENT_ID: z.string().min(1).optional(),
  BJT_CLIENT_SECRET: z.string().min(1).optional(),
  /** The demo's sandbox of 北京通, like SANDBOX_PORT and SANDBOX_URL. */
  BJT_SANDBOX_PORT: port.optional(),
  BJT_SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  SITE_OWNER: z.string().default('北京教育考试院'),
  SITE_ICP: z.string().default(''),
  SITE_POLICE: z.string().default(''),
  SITE_CODE: z.string().default(''),
  /** A sentence below the footer's other lines. */
  SITE_NOTE: z.string().default(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Settings = Readonly<z.infer<typeof settings>>;

/** The settings, as Nest injects them. */
export class Config {
  constructor(readonly settings: Settings) {}

  get production(): boolean {
    return this.settings.NODE_ENV === 'production';
  }

  /** Whether candidates reach the centre over https: cookies are then marked Secure. */
  get secure(): boolean {
    return isServedOverHttps(this.settings);
  }
}

export function isServedOverHttps({ PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): boolean {
  return PUBLIC_URL?.startsWith('https:') ?? false;
}

/**
 * Checks what only a process that serves candidates needs.
 * @throws BadSettings
 */
export function checkServingSettings(settings: Settings): void {
  const { NODE_ENV, ROLES, ALLOW_PLAIN_HTTP } = settings;
  if (NODE_ENV !== 'production' || !ROLES.includes('web') || ALLOW_PLAIN_HTTP || isServedOverHttps(settings)) return;
  throw new BadSettings('PUBLIC_URL: 正式运行时必须给出考生看到的 https 地址；没有 https，密码和会话在途中会被读到，只有设置 ALLOW_PLAIN_HTTP=true 才接受');
}

/** A setting is wrong or missing, so the process does not start. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings';
}

/** Settings whose value may be read from a file named by `<NAME>_FILE`. */
const SECRETS = ['SESSION_SECRET', 'MASTER_KEY', 'MASTER_KEY_OLD', 'EVENT_STORE_URL', 'READ_MODELS_URL', 'BJT_ISSUER', 'BJT_CLIENT_ID', 'BJT_CLIENT_SECRET'];
const REQUIRED_IN_PRODUCTION = ['SESSION_SECRET', 'MASTER_KEY'];
/** All or none of them must be set. */
const PAYMENT_SETTINGS = ['PAYMENT_PLATFORM_URL', 'PAYMENT_MERCHANT', 'PAYMENT_KEY_FILE', 'PAYMENT_PLATFORM_KEY_FILE'] as const;
const SINGLE_SIGN_ON_SETTINGS = ['BJT_ISSUER', 'BJT_CLIENT_ID', 'BJT_CLIENT_SECRET'] as const;

/**
 * Reads and checks all settings.
 * @throws BadSettings with a line for each wrong setting
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const values = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  for (const name of SECRETS) {
    const file = values[`${name}_FILE`];
    if (file) values[name] = readSecret(`${name}_FILE`, file);
  }
  const read = settings.safeParse(values, { error: CHINESE });
  if (!read.success) throw new BadSettings(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  const { PORT, METRICS_PORT } = read.data;
  if (METRICS_PORT !== undefined && METRICS_PORT !== 0 && METRICS_PORT === PORT) throw new BadSettings(`METRICS_PORT: ${PORT} 是考生的端口，请换一个`);
  const production = read.data.NODE_ENV === 'production';
  if (production && read.data.DEMO) throw new BadSettings('DEMO: 正式运行时不能使用演示数据');
  const missing = production ? REQUIRED_IN_PRODUCTION.filter((name) => !values[name]) : [];
  if (missing.length > 0) throw new BadSettings(missing.map((name) => `${name}: 正式运行时必须设置，或设置 ${name}_FILE`).join('\n'));
  checkPayment(read.data, production);
  checkSingleSignOn(read.data, production);
  return { ...read.data, DEMO: read.data.DEMO ?? !production };
}

function checkPayment(read: z.infer<typeof settings>, production: boolean): void {
  allOrNone(read, PAYMENT_SETTINGS, '支付平台');
  if (!production) return;
  if (read.SANDBOX_PORT !== undefined || read.SANDBOX_URL !== undefined) throw new BadSettings('SANDBOX_PORT, SANDBOX_URL: 正式运行时不能使用支付平台的沙盒');
  if (read.PAYMENT_PLATFORM_URL?.startsWith('http:')) throw new BadSettings('PAYMENT_PLATFORM_URL: 正式运行时必须用 https');
}

function checkSingleSignOn(read: z.infer<typeof settings>, production: boolean): void {
  allOrNone(read, SINGLE_SIGN_ON_SETTINGS, '北京通');
  if (!production) return;
  if (read.BJT_SANDBOX_PORT !== undefined || read.BJT_SANDBOX_URL !== undefined)
    throw new BadSettings('BJT_SANDBOX_PORT, BJT_SANDBOX_URL: 正式运行时不能使用北京通的沙盒');
  if (read.BJT_ISSUER?.startsWith('http:')) throw new BadSettings('BJT_ISSUER: 正式运行时必须用 https');
}

function allOrNone(read: z.infer<typeof settings>, names: readonly (keyof z.infer<typeof settings>)[], what: string): void {
  const missing = names.filter((name) => read[name] === undefined);
  if (missing.length > 0 && missing.length < names.length) {
    throw new BadSettings(missing.map((name) => `${name}: ${what}的设置要么都给出，要么都不给`).join('\n'));
  }
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new BadSettings(`${name}: 无法读取文件 ${file}`, { cause: error });
  }
}

/** The settings that choose the stores; a worker thread may receive them. */
export type StoreSettings = Pick<Settings, 'DATA_DIR' | 'NODE_ENV' | 'EVENT_STORE_URL' | 'EVENT_STREAM_PREFIX' | 'READ_MODELS_URL'>;

/** Picks the settings that choose the stores, and no secrets. */
export function storeSettings({ DATA_DIR, NODE_ENV, EVENT_STORE_URL, EVENT_STREAM_PREFIX, READ_MODELS_URL }: StoreSettings): StoreSettings {
  return { DATA_DIR, NODE_ENV, EVENT_STORE_URL, EVENT_STREAM_PREFIX, READ_MODELS_URL };
}
