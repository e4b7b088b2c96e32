import { Script } from 'node:vm';
import Handlebars from 'handlebars';
import type { Settings } from '../settings/settings.js';
import { withModernCharacters } from '../vault/modern-characters.js';
import { withWholeWords } from './line-ends.js';
import { codeOf } from './template-code.js';
import { builtFiles, builtTemplates, templateSources } from './view-files.js';
import { vocabulary } from './view-vocabulary.js';

/** What a page says of itself. */
export interface PageFrame {
  /** Names the page in the tab's title and, with a `parent`, in the bar at the top, as the page's first-level heading. */
  readonly title?: string;
  /** What a page that anyone may read is about, in a sentence: for search engines and for links that are shared. */
  readonly description?: string;
  /** The address that the arrow at the top leads to. Without it there is no bar, and the page has a heading of its own. */
  readonly parent?: string;
  /** The entry of the tab bar that the page belongs to. */
  readonly tab?: 'home' | 'exam' | 'payments' | 'account';
  /** Where there is no JavaScript the browser goes on to an address after so many seconds; with it, htmx asks for the part that changes. */
  readonly refresh?: { readonly seconds: number; readonly address: string };
}

/** What the layout knows of the visit; templates see all of it as `@page`. */
export interface PageContext extends PageFrame {
  /** A session: seconds until it ends by itself. A limited one shows no tab bar. */
  readonly session?: { readonly secondsLeft: number; readonly limited?: boolean };
  /** The page's moment in milliseconds, which "还有 6 天" is counted from; else the clock's. */
  readonly now?: number;
  /** The page's scripts ask for it again after so many seconds: something is still being recorded. */
  readonly askAgain?: number;
  /** Something that the page shows may be missing, and must not be called so. */
  readonly updating?: boolean;
}

/** Who runs the site, for the footer; an empty one is left out. */
export type SiteDetails = Pick<Settings, 'SITE_OWNER' | 'SITE_ICP' | 'SITE_POLICE' | 'SITE_CODE' | 'SITE_NOTE'>;

type Template = (data: unknown, context: { readonly data: PageData }) => string;

interface PageData {
  readonly page: PageContext;
  readonly site: SiteDetails;
  readonly now: number;
}

/**
 * All templates of views/, compiled when made. Old private codes of GBK are shown as their modern characters. A page is `enrolments/courses`, the part of it that changes in place is
 * `enrolments/_courses`; what several pages share is `partials/…`. A field that a template names and the data lacks is an error.
 */
export class Views {
  private readonly templates: ReadonlyMap<string, Template>;

  constructor(private readonly site: SiteDetails) {
    this.templates = compiled();
  }

  /**
   * The whole page: its template within the layout. What the data says of the frame goes before the context: `title`, or all of it in `page`.
   * @throws Error when there is no such template or the data lacks a field that it shows
   */
  render(name: string, data: object, page: PageContext): string {
    const context = this.context(data, page);
    const content = withWholeWords(this.template(name)(data, context));
    return withModernCharacters(this.template('layout')({ content, page: context.data.page, site: this.site }, context));
  }

  /**
   * The part of the page that htmx swaps: `module/_name` where there is one, else the page's content without the layout. With it comes,
   * for its own place in the page, whether something may be missing.
   */
  fragment(name: string, data: object, page: PageContext): string {
    const part = name.replace(/[^/]+$/, '_$&');
    const context = this.context(data, page);
    const content = withWholeWords(this.template(this.templates.has(part) ? part : name)(data, context));
    return withModernCharacters(content + this.template('partials/updating')({ inPlace: true }, context));
  }

  private context(data: object, page: PageContext): { data: PageData } {
    const said: PageFrame = 'page' in data ? (data.page as PageFrame) : 'title' in data ? { title: String(data.title) } : {};
    return { data: { page: { ...page, ...said }, site: this.site, now: page.now ?? Date.now() } };
  }

  private template(name: string): Template {
    const template = this.templates.get(name);
    if (!template) throw new Error(`views/${name}.hbs does not exist`);
    return template;
  }
}

function compiled(): Map<string, Template> {
  const handlebars = Handlebars.create();
  const words = vocabulary(builtFiles());
  const built = builtTemplates();
  handlebars.registerHelper(words);
  const templates = new Map<string, Template>();
  for (const [name, source] of templateSources()) {
    const code = codeOf(name, source, Object.keys(words), built);
    const template = handlebars.template(new Script(`(${code})`, { filename: `views/${name}.hbs` }).runInThisContext());
    handlebars.registerPartial(name, template);
    templates.set(name, template);
  }
  return templates;
}
