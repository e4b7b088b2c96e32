import { Controller, Get, Headers, NotFoundException, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { candidate as candidates } from '../../../projections/candidate.js';
import { log } from '../../kernel/log.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import { Photos } from '../../vault/photos.js';
import { Vault } from '../../vault/vault.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { thumbnail } from './thumbnail.js';

/**
 * The candidate's own registration photo, whole or with `?size=small` as a thumbnail. Pages add `?v=` with its digest, so that
 * browsers do not show an older photo.
 */
@Controller('center/photo')
export class PhotoPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly photos: Photos,
  ) {}

  @Get()
  @UsesReadModels(candidates)
  async show(
    @CurrentCandidate() { id }: Visitor,
    @Headers('if-none-match') known: string | undefined,
    @Query('size') size: unknown,
    @Res() reply: FastifyReply,
  ) {
    const { photo } = await this.readModels.get(candidates, id);
    if (photo === undefined) throw new NotFoundException();
    const isSmall = size === 'small';
    const tag = isSmall ? `"${photo}-small"` : `"${photo}"`;
    reply.header('cache-control', 'private, max-age=86400').header('vary', 'Cookie').header('etag', tag);
    if (known === tag) return reply.status(304).send();
    const picture = await this.picture(id, photo);
    if (!picture) {
      reply.header('cache-control', 'no-store').removeHeader('etag');
      throw new NotFoundException();
    }
    return reply.type('image/jpeg').send(Buffer.from(isSmall ? await thumbnail(picture) : picture));
  }

  /** Undefined also when the file is damaged, which is logged. */
  private async picture(id: string, digest: string): Promise<Uint8Array | undefined> {
    try {
      return await this.photos.get(await this.vault.safe(id), digest);
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      log.error(error.message);
      return undefined;
    }
  }
}
