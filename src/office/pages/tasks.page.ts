import { BadRequestException, Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { officers } from '../../../projections/officers.js';
import { tasks } from '../../../projections/tasks.js';
import { ReadModels } from '../../read-models/read-models.js';
import { UnreadableCursor } from '../../read-models/serving/cursor.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { OfficeRoute } from '../rights/office-route.js';
import { openTasksView } from './open-tasks.view.js';

const PAGE = 50;

/** 待办: all open tasks, page by page. */
@Controller('office/tasks')
@OfficeRoute('tasks')
export class TasksPage {
  constructor(private readonly readModels: ReadModels) {}

  @Get()
  @UsesReadModels(officers, tasks)
  async show(@Res() reply: FastifyReply, @Query('after') after: unknown) {
    try {
      const listed = await this.readModels.list(tasks, 'open', typeof after === 'string' ? after : undefined, PAGE);
      return reply.view('office/tasks', { page: { title: '待办', place: '/office/tasks' }, ...openTasksView(listed, PAGE) });
    } catch (error) {
      if (error instanceof UnreadableCursor) throw new BadRequestException();
      throw error;
    }
  }
}
