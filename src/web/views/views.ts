import { Script } from 'node:vm';
import Handlebars from 'handlebars';
import type { Settings } from '../../settings/settings.js';
import { withModernCharacters } from '../../vault/modern-characters.js';
import type { OfficeVisitor } from '../routes/officer.js';
import { templateCode } from './template-compiler.js';
import { templateHelpers } from './template-helpers.js';
import { withUnbrokenTerms } from './unbroken-terms.js';
import { assetManifest, compiledTemplates, templateSources } from './view-files.js';

/** Templates of the office, which has a layout of its own. */
const OFFICE_VIEWS = 'office/';

/** A page's title, place and tab, as its data gives them. */
export interface PageFrame {
  /** The title of the browser's tab and, with a `parent`, the heading of level 1 in the bar at the top. */
  readonly title?: string;
  /** A sentence about a public page, for search engines and shared links. */
  readonly description?: string;
  /** The address of the back arrow at the top. Without it there is no bar, and the page has its own heading. */
  readonly parent?: string;
  /** The entry of the tab bar that the page belongs to. */
  readonly tab?: 'home' | 'exam' | 'payments' | 'account';
  /** The address of the entry in the office's navigation that the page belongs to. */
  readonly place?: string;
  /** Without JavaScript the browser opens the address after so many seconds; with it, htmx asks for the part that changes. */
  readonly refresh?: { readonly seconds: number; readonly address: string };
}

/** What the layout needs to know of the request; templates see all of it as `@page`. */
export interface PageContext extends PageFrame {
  /** Seconds until the session ends by itself. A limited one shows no tab bar. */
  readonly session?: { readonly secondsLeft: number; readonly limited?: boolean };
  /** The officer who reads a page of the office. */
  readonly officer?: OfficeVisitor;
  /** Milliseconds since the epoch, from which "还有 6 天" is counted; by default the system's time. */
  readonly now?: number;
  /** The page's scripts ask for it again after so many seconds, because it does not show the reader's last write yet. */
  readonly askAgain?: number;
  /** A read model lags: nothing that the page lacks may be called missing. */
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
 * Renders the templates of views/. `enrolments/courses` is a page, `enrolments/_courses` the part of it that changes in place; `partials/…`
 * are shared. A field that a template names and the data lacks is an error. Private characters of GBK are shown as their modern ones.
 */
export class Views {
  private readonly templates: ReadonlyMap<string, Template>;

  constructor(private readonly site: SiteDetails) {
    this.templates = compiled();
  }

  /**
   * The whole page: its template within the layout. Data may set the frame in `page`, or its title alone in `title`.
   * @throws Error when there is no such template or the data lacks a field that it shows
   */
  render(name: string, data: object, page: PageContext): string {
    const context = this.context(data, page);
    const content = withUnbrokenTerms(this.template(name)(data, context));
    const layout = name.startsWith(OFFICE_VIEWS) ? `${OFFICE_VIEWS}layout` : 'layout';
    return withModernCharacters(this.template(layout)({ content, page: context.data.page, site: this.site }, context));
  }

  /**
   * The part of the page that htmx swaps: `module/_name` where there is one, else the page's content without the layout; and the notice
   * that a read model lags, for its own place in the page.
   */
  fragment(name: string, data: object, page: PageContext): string {
    const part = name.replace(/[^/]+$/, '_$&');
    const context = this.context(data, page);
    const content = withUnbrokenTerms(this.template(this.templates.has(part) ? part : name)(data, context));
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
  const helpers = templateHelpers(assetManifest());
  const built = compiledTemplates();
  handlebars.registerHelper(helpers);
  const templates = new Map<string, Template>();
  for (const [name, source] of templateSources()) {
    const code = templateCode(name, source, Object.keys(helpers), built);
    const template = handlebars.template(new Script(`(${code})`, { filename: `views/${name}.hbs` }).runInThisContext());
    handlebars.registerPartial(name, template);
    templates.set(name, template);
  }
  return templates;
}
