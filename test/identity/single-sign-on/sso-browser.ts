import { load } from 'cheerio';

/** Where a browser has come to after all redirects. */
export interface Arrived {
  readonly status: number;
  readonly address: string;
  readonly headers: Headers;
  /** The page's words with white space folded. */
  readonly text: string;
  readonly body: string;
  /** Every address on the way, with its answer's status. */
  readonly way: readonly { readonly address: string; readonly status: number; readonly headers: Headers }[];
}

const MOST_REDIRECTS = 10;

/** As much of a browser as a way through several hosts needs: cookies by origin and path, and redirects. */
export class SsoBrowser {
  private readonly jars = new Map<string, Map<string, { readonly value: string; readonly path: string }>>();

  get(address: string): Promise<Arrived> {
    return this.follow(address, undefined, MOST_REDIRECTS);
  }

  /** Without following a redirect. */
  step(address: string, method = 'GET'): Promise<Arrived> {
    return this.follow(address, undefined, 0, method);
  }

  post(address: string, form: Readonly<Record<string, string>>, redirects = MOST_REDIRECTS): Promise<Arrived> {
    return this.follow(address, form, redirects);
  }

  /** Of the cookies for an origin one by its name. */
  cookie(address: string, name: string): string | undefined {
    return this.jar(address).get(name)?.value;
  }

  /** Name and value of the cookie for a visit to the platform; of several the first. */
  visit(address: string): readonly [name: string, value: string] {
    const [name, { value }] = [...this.jar(address)].find(([each]) => each.startsWith('visit-')) ?? ['none', { value: '' }];
    return [name, value];
  }

  setCookie(address: string, name: string, value: string, path = '/'): void {
    this.jar(address).set(name, { value, path });
  }

  private async follow(asked: string, form: Readonly<Record<string, string>> | undefined, redirects: number, method = 'GET'): Promise<Arrived> {
    const way: { address: string; status: number; headers: Headers }[] = [];
    for (let address = asked, posted = form, left = redirects; ; left -= 1, posted = undefined) {
      const answer = await fetch(address, {
        method: posted ? 'POST' : method,
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          'sec-fetch-site': posted ? 'same-origin' : 'cross-site',
          'sec-fetch-mode': 'navigate',
          cookie: this.cookiesFor(address),
        },
        ...(posted && { body: new URLSearchParams(posted) }),
      });
      this.take(address, answer.headers);
      way.push({ address, status: answer.status, headers: answer.headers });
      const to = answer.headers.get('location');
      const body = await answer.text();
      if (to === null || left === 0) {
        const $ = load(body);
        const words = ($('main').length > 0 ? $('main') : $('body')).text();
        return { status: answer.status, address, headers: answer.headers, text: words.replace(/\s+/g, ' ').trim(), body, way };
      }
      address = new URL(to, address).href;
    }
  }

  private jar(address: string) {
    const { origin } = new URL(address);
    const jar = this.jars.get(origin) ?? new Map<string, { value: string; path: string }>();
    this.jars.set(origin, jar);
    return jar;
  }

  private cookiesFor(address: string): string {
    const { pathname } = new URL(address);
    return [...this.jar(address)]
      .filter(([, { path }]) => path === '/' || pathname === path || pathname.startsWith(`${path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  private take(address: string, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
      const expires = attributes.find((each) => /^expires=/i.test(each))?.slice(8);
      if (value === '' || (expires && Date.parse(expires) < Date.now())) this.jar(address).delete(name);
      else this.jar(address).set(name, { value, path });
    }
  }
}
