/** Whether a training can be repeated to the last bit. */
import * as l10n from '@vscode/l10n';
import { tensorsOf } from '../train/kept.ts';
import { definePreflightCheck } from './define.ts';
import { runSteps, type Subject } from './subject.ts';

const steps = 3;

export const sameBits = definePreflightCheck({
  key: 'sameBits',
  title: 'A step twice gives the same bits',
  doc: `The same text, data and seed must give the same weights, bit for bit. Otherwise no result can be reproduced. Two trainings of ${steps} steps are compared.`,
  async run(subject) {
    const [first, second] = [await weightsAfter(subject), await weightsAfter(subject)];
    const other = [...first].find(([name, bits]) => !bits.equals(second.get(name)!));
    if (!other)
      return {
        outcome: 'passed',
        message: l10n.t('Two trainings of {0} steps gave exactly the same bits.', steps),
      };
    return {
      outcome: 'failed',
      message: l10n.t(
        'Two trainings of {0} steps differ, first in {1}. This is a fault of Netloom: please report it with this network.',
        steps,
        other[0],
      ),
    };
  },
});

const weightsAfter = (subject: Subject): Promise<Map<string, Buffer>> =>
  subject.train({}, (training) => {
    runSteps(training, steps);
    return new Map(
      tensorsOf(training.parts.runtime).map(({ name, data }) => [
        name,
        Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()),
      ]),
    );
  });
