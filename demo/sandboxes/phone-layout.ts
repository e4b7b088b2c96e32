import Handlebars from 'handlebars';

/** What differs between the pages of the sandboxes. */
export interface PhoneTheme {
  /** The system that it stands for, such as 北京通. */
  readonly of: string;
  /** The notice at the top of every page that it is a sandbox. */
  readonly warning: string;
  /** The colour of the primary button, in light and dark mode. */
  readonly go: readonly [light: string, dark: string];
  /** Styles of these pages alone. */
  readonly style: string;
}

interface PhonePage {
  readonly title: string;
  readonly content: string;
  /** Seconds after which the page reloads. */
  readonly again?: number;
}

const LAYOUT = Handlebars.compile(
  `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
{{#if page.again}}<meta http-equiv="refresh" content="{{page.again}}">{{/if}}
<title>{{page.title}} · 沙盒{{look.of}}</title>
<style>
:root { color-scheme: light dark; --ground: #f4f4f5; --card: #fff; --ink: #1c1d21; --soft: #5b5f69; --edge: #82858f; --mark: #7a3e00; --amber: #ffefd6; --go: {{light}}; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #101114; --card: #1b1d22; --ink: #ecedf0; --soft: #a9adb8; --edge: #767a85; --mark: #ffc780; --amber: #33240f; --go: {{dark}}; --on: #101c24; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 30rem; padding: 0 16px 2rem; background: var(--ground); color: var(--ink); font: 1rem / 1.55 "PingFang SC", "Noto Sans CJK SC", system-ui, sans-serif; }
.mark { margin: 0 -16px 1rem; padding: .75rem 16px; background: var(--amber); color: var(--mark); }
main { padding: 1.25rem; border-radius: 14px; background: var(--card); }
h1 { margin: 0; font-size: 1.125rem; }
p { margin: .5rem 0; }
.note { color: var(--soft); font-size: .875rem; }
button, .back { display: block; width: 100%; min-height: 48px; margin: .5rem 0; padding: .5rem 1rem; border: 1px solid var(--edge); border-radius: 10px; background: transparent; color: inherit; font: inherit; text-align: center; text-decoration: none; }
button.go { border-color: var(--go); background: var(--go); color: var(--on); }
:focus-visible { outline: 3px solid var(--go); outline-offset: 2px; }
{{{look.style}}}</style>
</head>
<body>
<header class="mark"><b>沙盒 · 演示</b>　{{look.warning}}</header>
<main>
{{{page.content}}}
</main>
</body>
</html>
`,
);

/** A sandbox's page for a phone, marked as a sandbox. `content` is HTML. */
export function phonePage(look: PhoneTheme, page: PhonePage): string {
  const [light, dark] = look.go;
  return LAYOUT({ look, page, light, dark });
}
