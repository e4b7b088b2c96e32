import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { officers } from '../../../projections/officers.js';
import { tasks } from '../../../projections/tasks.js';
import { ReadModels } from '../../read-models/read-models.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { mayDo } from '../rights/rights.js';
import { openTasksView } from './open-tasks.view.js';

const SHOWN = 10;

/** 今日: what waits for the officer. */
@Controller('office')
@OfficeRoute('home')
export class OfficeHomePage {
  constructor(private readonly readModels: ReadModels) {}

  @Get()
  @UsesReadModels(officers, tasks)
  async show(@CurrentOfficer() { roles }: OfficeVisitor<Role>, @Res() reply: FastifyReply) {
    const open = mayDo(roles, 'tasks') ? openTasksView(await this.readModels.list(tasks, 'open', undefined, SHOWN), SHOWN) : undefined;
    return reply.view('office/home', { page: { title: '今日', place: '/office' }, tasks: open });
  }
}
