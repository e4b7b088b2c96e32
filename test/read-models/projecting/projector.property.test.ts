import { it } from '@jest/globals';
import { inSqlite } from './projecting.js';
import { keepsUpWithTheLog } from './projector.property.js';

it('A projector keeps read models equal to a fold from the start, or reports that they need a rebuild, whatever happens', () =>
  keepsUpWithTheLog(inSqlite, 150));
