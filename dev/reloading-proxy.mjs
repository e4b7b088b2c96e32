import { createServer, request } from 'node:http';

const EVENTS = '/dev/events';
const SCRIPT = '/dev/reload.js';
const RELOADING = `new EventSource('${EVENTS}').addEventListener('reload', () => location.reload());`;
const TAG = `<script src="${SCRIPT}" defer></script>`;

/**
 * A proxy in front of the centre of `npm run dev`, which adds a reloading script to its pages. The centre itself is unchanged.
 */
export class ReloadingProxy {
  #pages = new Set();
  #target;
  server = createServer((asked, answer) => {
    if (asked.url === EVENTS) this.#follow(answer);
    else if (asked.url === SCRIPT) answer.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' }).end(RELOADING);
    else this.#pass(asked, answer);
  });

  /** @param {string} address of the next centre, such as `http://127.0.0.1:41234` */
  leadTo(address) {
    this.#target = new URL(address);
  }

  /** Reloads every open page. */
  reload() {
    for (const page of this.#pages) page.write('event: reload\ndata:\n\n');
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  #follow(answer) {
    answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
    this.#pages.add(answer);
    answer.on('close', () => this.#pages.delete(answer));
  }

  #pass(asked, answer) {
    const { 'accept-encoding': _, ...headers } = asked.headers; // a script cannot be added to compressed content
    const { hostname, port } = this.#target;
    const passed = request({ hostname, port, method: asked.method, path: asked.url, headers, agent: false });
    passed.on('response', (response) => {
      if (response.headers['content-type']?.startsWith('text/html')) this.#addScript(response, answer);
      else response.pipe(answer.writeHead(response.statusCode, response.headers));
    });
    passed.on('error', (error) => {
      if (!answer.headersSent) answer.writeHead(502, { 'content-type': 'text/plain' });
      answer.end(error.message);
    });
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }

  /** Only whole pages get the script; a fragment is inserted into a page that has it. */
  async #addScript(response, answer) {
    const { 'content-length': _, ...headers } = response.headers;
    const page = Buffer.concat(await response.toArray());
    const isWhole = page.subarray(0, 15).toString() === '<!doctype html>';
    answer.writeHead(response.statusCode, isWhole ? headers : response.headers).end(isWhole ? `${page}${TAG}` : page);
  }
}
