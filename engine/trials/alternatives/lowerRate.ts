/** Shorter steps. */
import { scaleLearningRate } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const lowerRate = defineAlternative({
  code: always('update/tooLarge'),
  underlies: true,
  changes: (look) => [1 / 3, 1 / 10].flatMap((factor) => scaleLearningRate(look, factor)),
});
