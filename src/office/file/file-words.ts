import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/catalogue.js';
import type { Words } from '../../timeline/words.js';
import { Vault } from '../../vault/vault.js';
import { masked, periodCode } from '../../web/views/formats.js';
import type { CandidateRights } from '../scope/candidate-rights.js';

/** How sentences about a candidate are written for an officer: opened for who may see persons, the number of a document always masked. */
@Injectable()
export class FileWords {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly vault: Vault,
  ) {}

  async of(candidate: CandidateRights): Promise<Words> {
    const safe = candidate.may('see_persons') ? await this.vault.safe(candidate.id) : undefined;
    const named = (code: string, name: string | undefined) => (name === undefined ? code : `${code} ${name}`);
    return {
      course: (code) => named(code, this.catalogue.course(code)?.name),
      major: (code) => named(code, this.catalogue.major(code)?.name),
      period: periodCode,
      open: (sealed) => safe?.open(sealed),
      idNo: masked,
    };
  }
}
