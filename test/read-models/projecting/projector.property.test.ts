import { it } from '@jest/globals';
import { inSqlite } from './projecting.js';
import { keepsUpWithTheLog } from './projector.property.js';

it('keeps read models equal to a fold from the start, or says that they need a rebuild, whatever happens on the way', () => keepsUpWithTheLog(inSqlite, 150));
