import { BadRequestException, Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { corrections } from '../../../../projections/corrections.js';
import { officers } from '../../../../projections/officers.js';
import { ReadModels } from '../../../read-models/read-models.js';
import { UnreadableCursor } from '../../../read-models/serving/cursor.js';
import { CurrentOfficer, type OfficeVisitor } from '../../../web/routes/officer.js';
import { UsesReadModels } from '../../../web/routes/uses-read-models.js';
import type { Role } from '../../officers/officers.events.js';
import { OfficeRoute } from '../../rights/office-route.js';
import { mayDo } from '../../rights/rights.js';
import { mayPropose, maySeeUnreleased } from '../correction-roles.js';
import { correctionRow } from './correction.view.js';

const PAGE = 50;

/** 更正: those that wait for somebody, and all, the newest first. Who does not see what is unreleased sees the own ones, of kinds that the officer proposes now. */
@Controller('office/corrections')
@OfficeRoute('see_corrections')
export class CorrectionsPage {
  constructor(private readonly readModels: ReadModels) {}

  @Get()
  @UsesReadModels(officers, corrections)
  async list(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Res() reply: FastifyReply, @Query('after') given: unknown) {
    const after = typeof given === 'string' ? given : undefined;
    const seesAll = maySeeUnreleased(visitor.roles);
    const [waiting, listed] = await this.listed(visitor, after);
    return reply.view('office/corrections', {
      page: { title: '更正', place: '/office/corrections' },
      mayPropose: mayDo(visitor.roles, 'propose_corrections'),
      isFirst: after === undefined,
      waiting: waiting.map(({ document }) => correctionRow(document)),
      rows: listed.filter(({ document }) => seesAll || mayPropose(visitor.roles, document.kind)).map(({ document }) => correctionRow(document)),
      next: listed.length === PAGE ? listed.at(-1)?.cursor : undefined,
    });
  }

  private async listed({ account, roles }: OfficeVisitor<Role>, after: string | undefined) {
    try {
      if (!maySeeUnreleased(roles)) return [[], await this.readModels.lookUp(corrections, 'proposer', account, after, PAGE)] as const;
      const waiting = after === undefined ? await this.readModels.list(corrections, 'waiting', undefined, PAGE) : [];
      return [waiting, await this.readModels.list(corrections, 'newest', after, PAGE)] as const;
    } catch (error) {
      if (error instanceof UnreadableCursor) throw new BadRequestException();
      throw error;
    }
  }
}
