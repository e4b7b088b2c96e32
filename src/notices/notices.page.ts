import { Controller, Get, NotFoundException, Param, Render } from '@nestjs/common';
import { Catalogue } from '../catalogue/catalogue.js';
import { Clock } from '../kernel/clock.js';
import { AlsoUnconfirmed, CurrentCandidate, type Visitor } from '../web/routes/visitor.js';

/** How long a notice is marked 新, in milliseconds. */
const NEW_FOR = 3 * 86_400_000;

/** 消息通知: the list of published notices, and one notice. */
@Controller('center/notices')
@AlsoUnconfirmed()
export class NoticesPage {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Render('notices/notices')
  list(@CurrentCandidate() { limited }: Visitor) {
    const now = this.clock.now();
    const notices = this.catalogue.notices(now).map((notice) => ({ ...notice, isNew: now.getTime() - Date.parse(notice.publishedAt) < NEW_FOR }));
    return { page: { title: '消息通知', parent: limited ? '/center/confirmation' : '/center', tab: 'home' }, notices };
  }

  @Get(':id')
  @Render('notices/notice')
  show(@Param('id') id: string) {
    const notice = this.catalogue.notice(id, this.clock.now());
    if (!notice) throw new NotFoundException();
    return { page: { title: '通知', parent: '/center/notices', tab: 'home' }, notice };
  }
}
