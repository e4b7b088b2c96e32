import { createServer, request } from 'node:http';

const EVENTS = '/dev/events';
const SCRIPT = '/dev/reload.js';
const RELOADING = `new EventSource('${EVENTS}').addEventListener('reload', () => location.reload());`;
const TAG = `<script src="${SCRIPT}" defer></script>`;

/**
 * Stands before a centre under `npm run dev` and adds a script to its pages that reloads them. The centre itself has nothing of it:
 * no route, no script, no other header.
 */
export class ReloadingProxy {
  #pages = new Set();
  #target;
  server = createServer((asked, answer) => {
    if (asked.url === EVENTS) this.#follow(answer);
    else if (asked.url === SCRIPT) answer.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' }).end(RELOADING);
    else this.#pass(asked, answer);
  });

  /** @param {string} address of the centre from now on, such as `http://127.0.0.1:41234` */
  leadTo(address) {
    this.#target = new URL(address);
  }

  /** Reloads every page that is open. */
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
    const { 'accept-encoding': _, ...headers } = asked.headers; // what is compressed could not be added to
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

  /** To whole pages: a fragment goes into a page that has it. */
  async #addScript(response, answer) {
    const { 'content-length': _, ...headers } = response.headers;
    const page = Buffer.concat(await response.toArray());
    const isWhole = page.subarray(0, 15).toString() === '<!doctype html>';
    answer.writeHead(response.statusCode, isWhole ? headers : response.headers).end(isWhole ? `${page}${TAG}` : page);
  }
}
