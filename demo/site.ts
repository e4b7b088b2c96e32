import type { Settings } from '../src/settings/settings.js';

type SiteSettings = Pick<Settings, 'SITE_ICP' | 'SITE_POLICE' | 'SITE_NOTE'>;

/** The footer of a demo: it says that nothing belongs to a real exam, and shows the lines required of a real site, marked as examples. */
export function exampleSite({ SITE_ICP, SITE_POLICE }: SiteSettings): SiteSettings {
  return {
    SITE_ICP: SITE_ICP || '京ICP备00000000号-1（示例）',
    SITE_POLICE: SITE_POLICE || '京公网安备 11010000000000号（示例）',
    SITE_NOTE: '这是演示：人物和号码都是虚构的，各考期的日期按今天调整过，不是真实的考试安排。',
  };
}
