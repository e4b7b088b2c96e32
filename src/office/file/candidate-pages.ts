import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Sessions } from '../../identity/sessions/sessions.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import { inertMarkup } from './inert-page.js';

/** Seconds after which a page that cannot be shown now is asked for again. */
const SOON = 2;

/** A page of the centre as a candidate sees it now; without `html` the candidate is not shown it. */
export interface SeenPage {
  readonly html?: string;
}

/**
 * Renders pages as a candidate sees them, by the same routes, views and templates: a request within this process, with the cookie of a
 * session that nobody has begun and that leaves the process never.
 */
@Injectable()
export class CandidatePages {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly sessions: Sessions,
  ) {}

  /**
   * @param address such as `/center/results`
   * @throws StillUpdating while the page's read models or stores cannot be read: then nothing is said of what the candidate sees
   */
  async look(candidateId: string, address: string): Promise<SeenPage> {
    const cookie = this.sessions.cookieToLook(candidateId, randomUUID());
    const { statusCode, headers, body } = await this.get(address, cookie);
    if (statusCode === 503) throw new StillUpdating(SOON);
    if (statusCode >= 500) throw new Error(`the page ${address} was answered with ${statusCode}`);
    if (statusCode !== 200 || !String(headers['content-type']).startsWith('text/html')) return {};
    return { html: await this.withPhotos(inertMarkup(body), cookie) };
  }

  private get(url: string, cookie: string) {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    return server.inject({ method: 'GET', url, headers: { cookie, accept: 'text/html', 'sec-fetch-site': 'same-origin' } });
  }

  /** The candidate's photo is answered to the candidate alone, so it is put into the page. */
  private async withPhotos(html: string, cookie: string): Promise<string> {
    const addresses = [...new Set([...html.matchAll(/src="(\/center\/photo[^"]*)"/g)].flatMap(([, address]) => address ?? []))];
    const photos = await Promise.all(addresses.map((address) => this.get(address.replaceAll('&amp;', '&'), cookie)));
    return addresses.reduce((text, address, at) => {
      const photo = photos[at];
      const source = photo?.statusCode === 200 ? `data:${photo.headers['content-type']};base64,${photo.rawPayload.toString('base64')}` : 'data:,';
      return text.replaceAll(`src="${address}"`, `src="${source}"`);
    }, html);
  }
}
