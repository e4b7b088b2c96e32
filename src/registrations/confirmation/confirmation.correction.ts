import { z } from 'zod';
import { currentState } from '../../event-store/reading/current-state.js';
import { line, optional, yesOrNo } from '../../imports/files/columns.js';
import { correctionKind } from '../../office/corrections/correction.js';
import { candidate } from '../candidate.decider.js';
import { confirmSite, withdrawSiteConfirmation } from '../corrections/correcting.decider.js';
import { candidateStream } from '../registrations.streams.js';
import { ConfirmSite } from './confirm-site.command.js';
import { confirmationWindows } from './confirmation-window.js';
import { WithdrawSiteConfirmation } from './withdraw-site-confirmation.command.js';

const columns = z.object({ confirmed: yesOrNo, district: optional(line(50)) });

function shown(confirmed: boolean): string {
  return confirmed ? '已确认' : '未确认';
}

/** With `district` as its office does it, while candidates may confirm; without as the city authority corrects it. */
export const confirmationCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: [],
  async prepare({ confirmed, district }, { given, candidateId }, { events, catalogue }) {
    const known = await currentState(events, candidateStream(candidateId), candidate);
    const decide = confirmed ? confirmSite : withdrawSiteConfirmation;
    decide(known, { candidateId, district }, confirmationWindows(catalogue, given.at));
    return {
      values: [{ field: '', before: shown(known.confirmed), after: shown(confirmed) }],
      warnings: known.confirmed && !confirmed ? ['考生只能看凭单和通知，其他都看不到'] : [],
      wayBack: { confirmed: known.confirmed ? 'Y' : 'N' },
      command: confirmed ? new ConfirmSite(given, candidateId, district) : new WithdrawSiteConfirmation(given, candidateId, district),
    };
  },
});
