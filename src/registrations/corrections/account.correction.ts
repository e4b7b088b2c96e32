import { z } from 'zod';
import { currentState } from '../../event-store/reading/current-state.js';
import { oneOf } from '../../imports/files/columns.js';
import { correctionKind } from '../../office/corrections/correction.js';
import { candidate } from '../candidate.decider.js';
import { candidateStream } from '../registrations.streams.js';
import { accountStateNames } from '../state-names.js';
import { ChangeAccountState } from './change-account-state.command.js';
import { changeAccountState } from './correcting.decider.js';

const columns = z.object({ state: oneOf('normal', 'frozen', 'suspended', 'closed') });

/** 账号状态 */
export const accountCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: [],
  async prepare({ state }, { given, candidateId }, { events }) {
    const known = await currentState(events, candidateStream(candidateId), candidate);
    changeAccountState(known, { candidateId, state });
    return {
      values: [{ field: '', before: accountStateNames[known.accountState], after: accountStateNames[state] }],
      warnings: state === 'closed' ? ['考生不能再登录'] : [],
      wayBack: { state: known.accountState },
      command: new ChangeAccountState(given, candidateId, state),
    };
  },
});
