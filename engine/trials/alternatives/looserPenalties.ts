/** Hardly any penalty of the weights. */
import { loosenPenalties } from '../../diagnose/restraint.ts';
import { always, defineAlternative } from './define.ts';

export const looserPenalties = defineAlternative({
  code: always('regularization/tooStrong'),
  changes: loosenPenalties,
});
