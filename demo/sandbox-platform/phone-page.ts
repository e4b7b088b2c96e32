import Handlebars from 'handlebars';
import { DateTime } from 'luxon';
import type { SandboxOrder } from './book.js';

/** What the page says when there is nothing to pay. */
export interface Said {
  readonly heading: string;
  readonly text: string;
  /** Where 返回商户 leads. */
  readonly back?: string | undefined;
}

const LAYOUT = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
{{#if again}}<meta http-equiv="refresh" content="{{again}}">{{/if}}
<title>{{title}} · 沙盒支付平台</title>
<style>
:root { color-scheme: light dark; --ground: #f4f4f5; --card: #fff; --ink: #1c1d21; --soft: #5b5f69; --edge: #82858f; --mark: #7a3e00; --amber: #ffefd6; --go: #12684b; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #101114; --card: #1b1d22; --ink: #ecedf0; --soft: #a9adb8; --edge: #767a85; --mark: #ffc780; --amber: #33240f; --go: #74d6ac; --on: #10241c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 30rem; padding: 0 16px 2rem; background: var(--ground); color: var(--ink); font: 1rem / 1.55 "PingFang SC", "Noto Sans CJK SC", system-ui, sans-serif; }
.mark { margin: 0 -16px 1rem; padding: .75rem 16px; background: var(--amber); color: var(--mark); }
main { padding: 1.25rem; border-radius: 14px; background: var(--card); }
h1 { margin: 0; font-size: 1.125rem; }
.fen { margin: .25rem 0 1rem; font-size: 2.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dl { margin: 0 0 1.25rem; }
dl div { display: flex; justify-content: space-between; padding: .25rem 0; }
dt { margin-right: 1rem; color: var(--soft); white-space: nowrap; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p { margin: .5rem 0; }
.note { color: var(--soft); font-size: .875rem; }
button, .back { display: block; width: 100%; min-height: 48px; margin: .5rem 0; padding: .5rem 1rem; border: 1px solid var(--edge); border-radius: 10px; background: transparent; color: inherit; font: inherit; text-align: center; text-decoration: none; }
button.go { border-color: var(--go); background: var(--go); color: var(--on); }
:focus-visible { outline: 3px solid var(--go); outline-offset: 2px; }
</style>
</head>
<body>
<p class="mark"><b>沙盒 · 演示</b>　这里不是真正的支付平台，不会扣款。</p>
<main>
{{{content}}}
</main>
</body>
</html>
`;

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

const [layout, orderContent, saidContent] = [LAYOUT, ORDER, SAID].map((template) => Handlebars.compile(template, { strict: true }));

/** Seconds after which the page of an order is shown anew, for the time left. */
const AGAIN = 30;

/** The page on which an order is paid, or is not. */
export function orderPage({ order, fen, title, ends }: SandboxOrder, merchant: string, now: Date): string {
  const minutes = Math.ceil((Date.parse(ends) - now.getTime()) / 60_000);
  const content = orderContent?.({
    ...{ order, title, merchant, channels: CHANNELS, faults: FAULTS },
    yuan: (fen / 100).toFixed(2),
    ends: DateTime.fromISO(ends, { zone: 'Asia/Shanghai' }).toFormat('yyyy年M月d日 HH:mm:ss'),
    left: minutes > 1 ? `约 ${minutes} 分钟` : '不到 1 分钟',
  });
  return layout?.({ title: '付款', content, again: AGAIN }) ?? '';
}

/** A page that only says something. */
export function saidPage(said: Said, again?: number): string {
  return layout?.({ title: said.heading, content: saidContent?.({ back: undefined, ...said }), again }) ?? '';
}
