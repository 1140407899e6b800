/** Whether a network uses its input. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../schema/numbers.ts';
import { definePreflightCheck } from './define.ts';
import { memorize, most } from './memorize.ts';

/** How much larger the loss must be without the input. */
const factor = 1.5;

export const usesInput = definePreflightCheck({
  key: 'usesInput',
  title: 'Does worse without its input',
  doc: `A network that predicts as well with all inputs set to zero does not use them: the input is not connected, a layer erases it, or it is the same for every sample. After the network has memorized ${most} samples, the loss on them with all inputs zero must be at least ${factor} times the loss with the inputs.`,
  async run(subject) {
    const { after, blind } = await memorize(subject);
    const [seen, unseen] = [formatNumber(after.loss), formatNumber(blind.loss)];
    if (blind.loss >= factor * after.loss || !Number.isFinite(blind.loss))
      return {
        outcome: 'passed',
        message: l10n.t('The loss is {0} with the input and {1} with zeros.', seen, unseen),
      };
    return {
      outcome: 'failed',
      message: l10n.t(
        'The loss is {0} with the input and {1} with zeros: the network hardly uses its input. Check that samples differ and that the input reaches the output.',
        seen,
        unseen,
      ),
      path: ['training', 'data'],
    };
  },
});
