import { BadRequestException, Body, Controller, Get, NotFoundException, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { officers } from '../../../projections/officers.js';
import { type Task, tasks } from '../../../projections/tasks.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { UnreadableCursor } from '../../read-models/serving/cursor.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { GiveTaskBack } from '../give-task-back.command.js';
import { noteProblem } from '../note-problem.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { mayDo } from '../rights/rights.js';
import { SettleTask } from '../settle-task.command.js';
import { text } from '../sign-in/forms.js';
import { TakeTask } from '../take-task.command.js';
import { openTasksView } from './open-tasks.view.js';
import { taskView } from './task.view.js';

const PAGE = 50;
const PLACE = '/office/tasks';
const form = z.object({ action: z.enum(['take', 'give_back', 'settle']), note: text });

/** 待办: all open tasks, page by page, and one task with its history, which is taken, given back and settled. */
@Controller('office/tasks')
@OfficeRoute('tasks')
export class TasksPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers, tasks)
  async list(@Res() reply: FastifyReply, @Query('after') after: unknown) {
    try {
      const listed = await this.readModels.list(tasks, 'open', typeof after === 'string' ? after : undefined, PAGE);
      return reply.view('office/tasks', { page: { title: '待办', place: PLACE }, ...openTasksView(listed, PAGE, this.clock.now().getTime()) });
    } catch (error) {
      if (error instanceof UnreadableCursor) throw new BadRequestException();
      throw error;
    }
  }

  @Get(':task')
  @UsesReadModels(officers, tasks)
  async show(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Param('task') id: string, @Res() reply: FastifyReply) {
    return this.page(reply, await this.taskOf(id), visitor);
  }

  @Post(':task')
  @OfficeRoute('work_tasks')
  @UsesReadModels(officers, tasks)
  @DescribesOutcome({ what: '办理待办', see: { href: '/office/tasks/:task', text: '查看待办' } })
  async work(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Param('task') id: string, @Res() reply: FastifyReply, @Body() body: unknown) {
    const task = await this.taskOf(id);
    const { success, data } = form.safeParse(body ?? {});
    if (!success) return this.page(reply.status(422), task, visitor, { message: '请选择办理、退回或者办结。' });
    const { action, note } = data;
    const problem = action === 'settle' ? noteProblem(note) : undefined;
    if (problem) return this.page(reply.status(422), task, visitor, { message: `怎样办的${problem}。`, note });
    try {
      rememberPosition(reply, await this.commands.execute(this.command(action, id, visitor.account, note.trim())));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.page(reply.status(422), task, visitor, { message: refusalMessage(error), note });
    }
    return reply.header('cache-control', 'no-store').redirect(`${PLACE}/${encodeURIComponent(id)}`, 303);
  }

  private command(action: z.infer<typeof form>['action'], task: string, by: string, note: string) {
    const given = givenAt(this.clock.instant());
    if (action === 'settle') return new SettleTask(given, task, note, by);
    return action === 'take' ? new TakeTask(given, task, by) : new GiveTaskBack(given, task, by);
  }

  private async taskOf(id: string): Promise<Task> {
    const task = await this.readModels.get(tasks, id);
    if (task.task === '') throw new NotFoundException();
    return task;
  }

  private page(
    reply: FastifyReply,
    task: Task,
    { account, roles }: OfficeVisitor<Role>,
    { message, note = '' }: { readonly message?: string; readonly note?: string } = {},
  ) {
    const page = { title: '待办', place: PLACE };
    const reader = { account, mayWork: mayDo(roles, 'work_tasks') };
    return reply.view('office/task', { page, ...taskView(task, reader, this.clock.now().getTime()), message, note });
  }
}
