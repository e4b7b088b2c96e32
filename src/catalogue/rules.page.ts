import { Controller, Get, Render } from '@nestjs/common';
import { Clock } from '../clock.js';
import { contentOf } from '../web/contents.js';
import { Catalogue } from './catalogue.js';

/** 考试规则: an editable content. */
@Controller('center/rules')
export class RulesPage {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Render('web/content')
  show() {
    return { page: { title: '考试规则', parent: '/center', tab: 'exam' }, body: contentOf(this.catalogue, 'rules', this.clock.now()) };
  }
}
