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
  server = createServer((incoming, outgoing) => {
    if (incoming.url === EVENTS) this.#subscribe(outgoing);
    else if (incoming.url === SCRIPT) outgoing.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' }).end(RELOADING);
    else this.#forward(incoming, outgoing);
  });

  /** @param {string} address of the next centre, such as `http://127.0.0.1:41234` */
  forwardTo(address) {
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

  #subscribe(outgoing) {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
    this.#pages.add(outgoing);
    outgoing.on('close', () => this.#pages.delete(outgoing));
  }

  #forward(incoming, outgoing) {
    const { 'accept-encoding': _, ...headers } = incoming.headers; // a script cannot be added to compressed content
    const { hostname, port } = this.#target;
    const forwarded = request({ hostname, port, method: incoming.method, path: incoming.url, headers, agent: false });
    forwarded.on('response', (response) => {
      if (response.headers['content-type']?.startsWith('text/html')) this.#addScript(response, outgoing);
      else response.pipe(outgoing.writeHead(response.statusCode, response.headers));
    });
    forwarded.on('error', (error) => {
      if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'text/plain' });
      outgoing.end(error.message);
    });
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  }

  /** Only whole pages get the script; a fragment is inserted into a page that has it. */
  async #addScript(response, outgoing) {
    const { 'content-length': _, ...headers } = response.headers;
    const page = Buffer.concat(await response.toArray());
    const isWhole = page.subarray(0, 15).toString() === '<!doctype html>';
    outgoing.writeHead(response.statusCode, isWhole ? headers : response.headers).end(isWhole ? `${page}${TAG}` : page);
  }
}
