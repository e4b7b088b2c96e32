import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentAppendsIfAny } from '../../event-store/cause.js';
import { Refusal } from '../../event-store/refusal.js';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { UnservedReadModel } from '../../read-models/unserved-read-model.js';
import { CommandOutcomes } from '../outcomes/command-outcomes.js';
import { isOfOffice } from '../routes/officer.js';
import { errorStatus } from './error-status.js';
import { refusalMessage } from './refusal-message.js';
import { StillUpdating } from './still-updating.js';
import { TooManyRequests } from './too-many-requests.js';
import { waitInWords } from './wait-in-words.js';

interface Explanation {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const explanations: Readonly<Record<number, Omit<Explanation, 'status'>>> = {
  400: { title: '这个请求看不懂', message: '地址或填写的内容有误，请返回后重试。' },
  403: { title: '这个请求被拒绝了', message: '请求不是从本网站的页面发出的。请回到首页，从页面上的按钮操作。' },
  404: { title: '没有这个页面', message: '地址可能写错了，或者内容已经撤下。' },
  405: { title: '这个操作不可用', message: '请回到首页，从页面上的按钮操作。' },
  408: { title: '请求没有发完', message: '网络可能太慢或断开了，请重试。' },
  413: { title: '提交的内容太大', message: '请减少内容后再提交。' },
  414: { title: '地址太长', message: '请回到首页，从页面上的链接进入。' },
  415: { title: '提交的格式不对', message: '请回到首页，从页面上的按钮操作。' },
  431: { title: '请求的内容太大', message: '请清除本网站的 Cookie 后重试。' },
  429: { title: '操作太频繁', message: '请稍等片刻再试。' },
  503: { title: '系统暂时忙不过来', message: '请稍后再试。' },
};
/** A store did not answer in time, and nothing had been sent to the log. */
const notDone = '系统暂时不能记录，您的操作没有完成，没有记录任何内容。请稍后再试。';
const nothingRecorded = (holds: string, unsure = '请稍后再试。') => `${holds}系统暂时不能记录，没有记录任何内容。${unsure}`;
/** A page that is not found may be one that the read model does not hold yet. */
const updating = { status: 503, title: '资料正在更新', message: '您要看的内容可能还没有显示出来，请稍后再试。' };
const fault = { title: '系统出了问题', message: '问题已经记录下来。请稍后再试；如果一直这样，请把下面的编号告诉自考办工作人员。' };

/** Answers each error with a page: a refusal with its reason, a fault with a number to quote, and never with a stack trace. */
@Catch()
export class ErrorPages implements ExceptionFilter {
  constructor(private readonly outcomes: CommandOutcomes) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const explanation = explain(error);
    const isMissing = error instanceof StillUpdating || (explanation.status === 404 && request.updating === true);
    const { status, title, message } = isMissing ? updating : explanation;
    if (status >= 500 && !isMissing) {
      log.error({ request: request.id, err: error, route: request.routeOptions?.url ?? null }, 'a request failed');
      request.failure = error;
    }
    if (reply.sent) return;
    const isTimed = error instanceof StillUpdating || error instanceof TooManyRequests;
    if (isTimed || status === 503) reply.header('retry-after', isTimed ? error.seconds : 10);
    request.updating = false; // the page itself says so
    reply.status(status);
    const sending = currentAppendsIfAny();
    if (status >= 500 && sending?.recordedNothing === false)
      reply.view(isOfOffice(request) ? 'office/outcome' : 'web/outcome', this.outcomes.viewOfPending(request, sending));
    else {
      const says = error instanceof StoreUnavailable && sending ? this.messageOfNothingSent(request) : message;
      reply.view(isOfOffice(request) ? 'office/error' : 'web/error', {
        title,
        message: says,
        status,
        number: status >= 500 && !isMissing ? request.id : undefined,
      });
    }
  }

  private messageOfNothingSent({ routeOptions }: FastifyRequest): string {
    const { holds, unsure } = routeOptions.config.outcomeTexts ?? {};
    return holds === undefined ? notDone : nothingRecorded(holds, unsure);
  }
}

function explain(error: unknown): Explanation {
  if (error instanceof TooManyRequests) return { ...explanationOf(429), message: `请 ${waitInWords(error.seconds)}后再试。` };
  if (error instanceof Refusal) return { status: 422, title: '没有办成', message: refusalMessage(error) };
  if (error instanceof UnservedReadModel) return updating;
  return explanationOf(errorStatus(error));
}

/** A status explained in plain words. */
export function explanationOf(status: number): Explanation {
  return { status, ...(explanations[status] ?? (status < 500 ? { title: '这个请求没有成功', message: '请返回后重试。' } : fault)) };
}
