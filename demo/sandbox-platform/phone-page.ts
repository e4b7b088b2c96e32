import Handlebars from 'handlebars';
import { windowEnd } from '../../src/web/views/formats.js';
import { type PhoneTheme, phonePage } from '../sandboxes/phone-layout.js';
import type { SandboxOrder } from './platform-store.js';

/** The text of the page when there is nothing to pay. */
export interface Message {
  readonly heading: string;
  readonly text: string;
  /** The address of 返回商户. */
  readonly back?: string | undefined;
}

const LOOK: PhoneTheme = {
  of: '支付平台',
  warning: '这里不是真正的支付平台，不会扣款。',
  go: ['#12684b', '#74d6ac'],
  style: `.fen { margin: .25rem 0 1rem; font-size: 2.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dl { margin: 0 0 1.25rem; }
dl div { display: flex; justify-content: space-between; padding: .25rem 0; }
dt { margin-right: 1rem; color: var(--soft); white-space: nowrap; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
`,
};

const ORDER = `<h1>{{title}}</h1>
<p class="fen">¥ {{yuan}}</p>
<dl>
<div><dt>商户</dt><dd>{{merchant}}</dd></div>
<div><dt>订单号</dt><dd>{{order}}</dd></div>
<div><dt>支付截止</dt><dd>{{ends}}</dd></div>
<div><dt>剩余时间</dt><dd>{{left}}</dd></div>
</dl>
<form method="post">
<h2>支付成功</h2>
{{#each channels}}<button class="go" name="do" value="{{value}}">{{label}}</button>
{{/each}}
<h2>没有支付</h2>
<button name="do" value="fail">支付失败</button>
<button name="do" value="leave">离开</button>
<h2>平台出错</h2>
{{#each faults}}<button name="do" value="{{value}}">{{label}}</button>
{{/each}}
<p class="note">“付两次”扣款两次；“通知晚到”的通知在 60 秒后发出；“通知金额不对”只有通知写错，平台账上没有错；“实收少一分”是平台真的少收；“平台停机”一分钟，页面和查询都不可用。</p>
</form>
`;

const SAID = `<h1>{{heading}}</h1>
<p>{{text}}</p>
{{#if back}}<a class="back" href="{{back}}">返回商户</a>{{/if}}
`;

const ENTRANCE = `<h1>代替公共支付平台的沙盒</h1>
<p>支付从个人中心开始：登录后打开一张待缴费的账单，点“去支付”，就会带着订单来到这里。可以选支付成功、支付失败，或者平台出的各种错。</p>
{{#if centre}}<a class="back" href="{{centre}}">打开个人中心</a>{{/if}}
<p class="note">平台每天的对账文件：<code>/days/{{day}}.csv</code>，日期可以换。</p>
`;

const CHANNELS = [
  { value: 'alipay', label: '支付宝' },
  { value: 'wechat', label: '微信支付' },
  { value: 'unionpay', label: '银联' },
  { value: 'bjt', label: '北京通' },
];

const FAULTS = [
  { value: 'twice', label: '付两次' },
  { value: 'late notice', label: '通知晚到' },
  { value: 'notice twice', label: '通知发两次' },
  { value: 'wrong notice', label: '通知金额不对' },
  { value: 'other amount', label: '实收少一分' },
  { value: 'down', label: '平台停机' },
];

const orderContent = Handlebars.compile(ORDER, { strict: true });
const entranceContent = Handlebars.compile(ENTRANCE, { strict: true });
const saidContent = Handlebars.compile(SAID, { strict: true });

/** Seconds after which the page of an order reloads to show the time left. */
const AGAIN = 30;

/** The page on which an order is paid, or is not. */
export function orderPage({ order, fen, title, ends }: SandboxOrder, merchant: string, now: Date): string {
  const minutes = Math.ceil((Date.parse(ends) - now.getTime()) / 60_000);
  const content = orderContent({
    order,
    title,
    merchant,
    channels: CHANNELS,
    faults: FAULTS,
    yuan: (fen / 100).toFixed(2),
    ends: `${windowEnd(ends)}:${ends.slice(17, 19)}`,
    left: minutes > 1 ? `约 ${minutes} 分钟` : '不到 1 分钟',
  });
  return phonePage(LOOK, { title: '支付', content, again: AGAIN });
}

/**
 * Explains the sandbox to a visitor without an order.
 * @param centre the centre's address, once it is known
 * @param day the latest day with a file, ISO 8601
 */
export function entrancePage(centre: string | undefined, day: string): string {
  return phonePage(LOOK, { title: '入口', content: entranceContent({ centre, day }) });
}

/** A page with a message alone. */
export function messagePage(message: Message, again?: number): string {
  return phonePage(LOOK, { title: message.heading, content: saidContent({ back: undefined, ...message }), ...(again !== undefined && { again }) });
}
