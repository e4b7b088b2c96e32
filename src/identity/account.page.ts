import { Controller, Get, Render } from '@nestjs/common';
import { candidate as candidates } from '../../projections/candidate.js';
import { Config } from '../config.js';
import { ReadModels } from '../read-models/read-models.js';
import { Vault } from '../vault/vault.js';
import { CurrentCandidate, type Visitor } from '../web/visitor.js';

/** 我的: the account, how its sign-in is kept safe, help, and the way out. */
@Controller('center/account')
export class AccountPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly config: Config,
  ) {}

  @Get()
  @Render('identity/account')
  async show(@CurrentCandidate() { id }: Visitor) {
    const [{ person }, safe] = await Promise.all([this.readModels.get(candidates, id), this.vault.safe(id)]);
    const { SESSION_IDLE, SESSION_MAX } = this.config.settings;
    return {
      page: { title: '我的', parent: '/center', tab: 'account' },
      person: person && safe.open(person),
      idle: inWords(SESSION_IDLE),
      longest: inWords(SESSION_MAX),
    };
  }
}

/** A duration in milliseconds as `2 小时` or `90 分钟`. */
function inWords(duration: number): string {
  const minutes = Math.max(1, Math.round(duration / 60_000));
  return minutes % 60 === 0 ? `${minutes / 60} 小时` : `${minutes} 分钟`;
}
