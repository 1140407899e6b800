/** No learning-rate schedule. */
import { removeSchedule } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const constantRate = defineAlternative({
  code: always('update/slowing'),
  resort: 'together',
  changes: removeSchedule,
});
