import { Controller, Get, Render } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Catalogue } from '../catalogue.js';
import { contentText } from './content-text.js';

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
    return { page: { title: '考试规则', parent: '/center', tab: 'exam' }, body: contentText(this.catalogue, 'rules', this.clock.now()) };
  }
}
