import Handlebars from 'handlebars';
import { type PhoneTheme, phonePage } from '../sandboxes/phone-layout.js';
import type { KnownPerson } from './persona.js';

const LOOK: PhoneTheme = {
  of: '北京通',
  warning: '这不是北京通，只用于演示和测试。人和号码都是虚构的，请不要填写真实的姓名和号码。',
  go: ['#1d4fb8', '#9dbcff'],
  style: `fieldset { margin: 1.25rem 0 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
label { display: flex; align-items: center; gap: .75rem; min-height: 48px; }
label small { display: block; color: var(--soft); }
input[type=radio] { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; }
input[type=text] { flex: 1; min-width: 0; min-height: 44px; padding: 0 .75rem; border: 1px solid var(--edge); border-radius: 8px; background: transparent; color: inherit; font: inherit; }
button.go { margin-top: 1.25rem; font-weight: 600; }
`,
};

const CHOICE = `<h1>北京自考个人中心请求您的姓名、身份证号和实名等级</h1>
<form method="post">
<fieldset><legend>谁在用这个北京通</legend>
{{#each people}}<label><input type="radio" name="person" value="{{@index}}"{{#if @first}} checked{{/if}}><span>{{name}}<small>{{note}}</small></span></label>
{{/each}}<label>姓名 <input type="text" name="name" maxlength="60" autocomplete="off" placeholder="不填就用上面选的"></label>
<label>号码 <input type="text" name="id_no" maxlength="40" autocomplete="off" placeholder="不填就用上面选的"></label>
</fieldset>
<fieldset><legend>实名等级</legend>
{{#each levels}}<label><input type="radio" name="level" value="{{value}}"{{#if checked}} checked{{/if}}><span>{{label}}</span></label>
{{/each}}</fieldset>
<fieldset><legend>北京通里的姓名</legend>
{{#each writings}}<label><input type="radio" name="writing" value="{{value}}"{{#if @first}} checked{{/if}}><span>{{label}}</span></label>
{{/each}}</fieldset>
<button class="go" name="do" value="agree">同意并登录</button>
<button name="do" value="deny">不同意</button>
<fieldset><legend>平台出错</legend>
{{#each faults}}<button name="do" value="{{value}}">{{label}}</button>
{{/each}}</fieldset>
</form>
`;

const ENTRANCE = `<h1>代替北京通的沙盒</h1>
<p>登录从个人中心开始：在登录页点“北京通免密登录”，就会来到这里，选一个人和实名等级。</p>
{{#if centre}}<a class="back" href="{{centre}}">打开个人中心</a>{{/if}}
{{#if people}}<p class="note">可以选：{{#each people}}{{name}}（{{note}}）{{#unless @last}}、{{/unless}}{{/each}}，或者自己填姓名和号码。</p>{{/if}}
`;

const SAID = `<h1>{{title}}</h1>
<p class="note">请回到个人中心，重新点“北京通免密登录”。</p>
`;

const LEVELS = [
  { value: 1, label: 'L1 未实名', checked: false },
  { value: 2, label: 'L2 姓名和身份证号，或支付宝', checked: false },
  { value: 3, label: 'L3 人脸或银行卡', checked: true },
  { value: 4, label: 'L4 服务大厅现场', checked: false },
];
const NAME_VARIANTS = [
  { value: 'same', label: '和选的一样' },
  { value: 'spaced', label: '字间有全角空格' },
  { value: 'other dot', label: '另一种间隔点，全角字母' },
  { value: 'other name', label: '另一个姓名' },
];
const FAULTS = [
  { value: 'error', label: '同意，但平台报错' },
  { value: 'slow', label: '同意，但平台很慢' },
  { value: 'nonsense', label: '同意，但平台答非所问' },
];

const choiceContent = Handlebars.compile(CHOICE, { strict: true });
const entranceContent = Handlebars.compile(ENTRANCE, { strict: true });
const saidContent = Handlebars.compile(SAID, { strict: true });

/** The page on which a person and the platform's behaviour are chosen. */
export function choicePage(people: readonly KnownPerson[]): string {
  return phonePage(LOOK, { title: '登录', content: choiceContent({ people, levels: LEVELS, writings: NAME_VARIANTS, faults: FAULTS }) });
}

/**
 * Explains the sandbox to a visitor who does not come from the centre.
 * @param centre the centre's address, once it is known
 */
export function entrancePage(centre: string | undefined, people: readonly KnownPerson[]): string {
  return phonePage(LOOK, { title: '入口', content: entranceContent({ centre, people }) });
}

/** A page with a message alone. */
export function messagePage(title: string): string {
  return phonePage(LOOK, { title, content: saidContent({ title }) });
}
