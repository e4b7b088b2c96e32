import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { log } from '../kernel/log.js';
import { CONTENT_TYPE, type MetricsSnapshot, prometheusText } from '../kernel/metrics.js';

/** Answers `GET /metrics` on its own port, for operators: never on the candidates' port. */
export class MetricsServer {
  private constructor(
    private readonly server: Server,
    /** Where it listens. */
    readonly port: number,
  ) {}

  /**
   * Listens; port 0 takes a free port, which is logged.
   * @param gather the metrics of each process of the centre
   */
  static async listen(port: number, host: string, gather: () => Promise<readonly MetricsSnapshot[]>): Promise<MetricsServer> {
    const server = createServer(async ({ method, url = '' }, response) => {
      if (url.split('?')[0] !== '/metrics') return response.writeHead(404).end();
      if (method !== 'GET' && method !== 'HEAD') return response.writeHead(405, { allow: 'GET, HEAD' }).end();
      try {
        const text = await prometheusText(await gather());
        return response.writeHead(200, { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' }).end(text);
      } catch (error) {
        log.error({ err: error }, 'the metrics could not be gathered');
        return response.writeHead(500).end();
      }
    });
    server.listen(port, host);
    await once(server, 'listening');
    const { address, port: boundPort } = server.address() as AddressInfo;
    log.info({ address, port: boundPort }, 'metrics are answered here');
    return new MetricsServer(server, boundPort);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
