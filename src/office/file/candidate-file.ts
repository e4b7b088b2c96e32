import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Catalogue } from '../../catalogue/catalogue.js';
import type { OfficeVisitor } from '../../web/routes/officer.js';
import { masked, periodCode } from '../../web/views/formats.js';
import type { Role } from '../officers/officers.events.js';
import type { Right } from '../rights/rights.js';
import { OfficeCandidates } from '../scope/office-candidates.js';
import { People, personRow, type ShownPerson } from '../search/people.js';
import { RecordedViewings, type Shown } from '../viewing/recorded-viewings.js';

/** The pages of a file. */
export type FileTab = 'timeline' | 'data' | 'pages';

const majorStates = { studying: '在读', graduated: '已毕业', left: '已离开' } as const;

/** Opens the files of candidates: nobody sees one of another district, and each opening is recorded before anything of it is read. */
@Injectable()
export class CandidateFile {
  constructor(
    private readonly candidates: OfficeCandidates,
    private readonly viewings: RecordedViewings,
    private readonly people: People,
    private readonly catalogue: Catalogue,
  ) {}

  /**
   * Who the file is of, as the officer may see it.
   * @param right of the page that is opened
   * @throws NotFoundException also for another district's candidate, StoreUnavailable when it cannot be recorded
   */
  async open(request: FastifyRequest, officer: OfficeVisitor<Role>, right: Right, id: string, shown: Shown): Promise<ShownPerson> {
    const candidate = await this.candidates.visible(officer, right, id);
    await this.viewings.record(request, [id], shown);
    const [person] = await this.people.of([candidate]);
    if (!person) throw new Error('nobody was read');
    return person;
  }

  /** The head of each page of the file. */
  head(shown: ShownPerson, tab: FileTab) {
    const { id, rights, document, person } = shown;
    const base = `/office/candidates/${id}`;
    return {
      ...personRow(shown),
      registeredPeriod: document.registeredPeriod === '' ? undefined : periodCode(document.registeredPeriod),
      isNormal: document.accountState === 'normal',
      idType: person?.idType,
      idNo: person && masked(person.idNo),
      isKnown: person !== undefined,
      majors: document.majors.map(({ major, state }) => ({
        name: [major, this.catalogue.major(major)?.name].filter(Boolean).join(' '),
        state: majorStates[state],
      })),
      tabs: [
        { href: base, text: '时间线', isCurrent: tab === 'timeline' },
        { href: `${base}/data`, text: '数据', isCurrent: tab === 'data' },
        ...(rights.may('see_pages') ? [{ href: `${base}/pages`, text: '页面', isCurrent: tab === 'pages' }] : []),
      ],
    };
  }
}
