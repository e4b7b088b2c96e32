import { Controller, Get, Redirect, Render, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { Public } from '../../web/routes/visitor.js';
import { Catalogue } from '../catalogue.js';
import { contentText } from './content-text.js';

/** Pages for everybody, signed in or not: 帮助, 隐私政策, and the redirect of `/`. */
@Controller()
@Public()
export class PublicPages {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** Without a session the centre redirects to the login page. */
  @Get()
  @Redirect('/center', 303)
  enter() {}

  @Get('help')
  @Render('web/content')
  help(@Req() request: FastifyRequest) {
    return {
      page: { title: '帮助', description: '怎样登录北京自考个人中心、忘记密码怎么办、怎样用北京通免密登录。', ...parentPage(request) },
      body: contentText(this.catalogue, 'help', this.clock.now()),
    };
  }

  @Get('privacy')
  @Render('web/content')
  privacy(@Req() request: FastifyRequest) {
    return {
      page: { title: '隐私政策', description: '北京自考个人中心保存考生的哪些信息、谁能看到、怎样保护。', ...parentPage(request) },
      body: contentText(this.catalogue, 'privacy', this.clock.now()),
    };
  }
}

function parentPage({ visitor }: FastifyRequest): { parent: string; tab?: string } {
  if (!visitor) return { parent: '/login' };
  return visitor.limited ? { parent: '/center/confirmation' } : { parent: '/center/account', tab: 'account' };
}
