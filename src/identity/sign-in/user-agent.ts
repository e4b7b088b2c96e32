/** Apps by their user agents, the most specific first: the browser within WeChat names several others. */
const APPS: readonly (readonly [RegExp, string])[] = [
  [/^personal-centre\b/, '命令行'],
  [/miniProgram/i, '微信小程序'],
  [/MicroMessenger/i, '微信'],
  [/AlipayClient/i, '支付宝'],
  [/JingTong|BeiJingTong|bjt/i, '北京通'],
  [/HuaweiBrowser/i, '华为浏览器'],
  [/MiuiBrowser/i, '小米浏览器'],
  [/UCBrowser/i, 'UC 浏览器'],
  [/MQQBrowser|QQBrowser/i, 'QQ 浏览器'],
  [/\bQQ\//, 'QQ'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/OPR\//, 'Opera'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const MACHINES: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPod/, '苹果手机'],
  [/iPad/, '苹果平板'],
  [/HarmonyOS|OpenHarmony/i, '鸿蒙设备'],
  [/Android.*Mobile/, '安卓手机'],
  [/Android/, '安卓平板'],
  [/Windows/, 'Windows 电脑'],
  [/Macintosh/, '苹果电脑'],
  [/Linux|X11/, 'Linux 电脑'],
];

/** The device and app of a user agent, in words: `苹果手机 · 微信`. Nothing proves what it says. */
export function deviceName(userAgent: string): string {
  return [first(MACHINES, userAgent), first(APPS, userAgent)].filter((name) => name !== undefined).join(' · ') || '未知设备';
}

/** The browser of a user agent without its version, which changes by itself; empty for one that is not known. */
export function browserFamily(userAgent: string): string {
  return first(APPS, userAgent) ?? '';
}

function first(named: readonly (readonly [RegExp, string])[], userAgent: string): string | undefined {
  return named.find(([pattern]) => pattern.test(userAgent))?.[1];
}
