/** A network that is right about test samples more often than about the samples it is trained on. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { metrics } from '../../metrics/registry.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import type { EpochLook, TrainingLook } from '../look.ts';
import { dropsOf } from '../network.ts';
import { chain, table } from '../samples.ts';

export const cleanerTest = defineFinding({
  code: 'data/labelNoise',
  title: 'Test labels agree better than training labels',
  doc: `A network knows the samples that it is trained on, so it is right about them at least as often as about others. Where it is right about test samples much more often,
the training labels are worse than those of the test: wrong labels cannot be learned, and do not keep a network from learning the others. The two parts may also have been chosen in different ways, so this is information.

The accuracy of an epoch of training is compared with the test accuracy before that epoch, when the network had learned less. Not where layers work differently in training:
dropout, noise and batch normalization make training samples harder.

**What helps:** a look at the training samples that the network gets wrong.

Limits: a twentieth of the samples, and three standard errors, in two epochs in a row.`,
  needs: 'training',
  measures: () => l10n.t('Test accuracy above that of training'),
  when: 'epoch',
  limits: { above: 0.05, errors: 3 },
  holds: 2,
  causes: ['data/imbalanced', 'update/tooLarge'],

  find(look, { above: least, errors }) {
    const [before, now] = look.epochs.slice(-2);
    if (!now || !before.test || look.analysis.graph.layers.some(differsInTraining)) return [];
    const name = Object.keys(before.test).find((score) => metrics.find(metricIn(score))?.countsRight);
    if (name === undefined) return [];
    const above = before.test[name] - now.train[name];
    const isSeen = above > least && above > errors * deviationOf(look, before, now, name);
    return [
      {
        place: ['training', 'data'],
        severity: isSeen ? 'info' : undefined,
        evidence: { value: above, limit: least },
        message: () =>
          l10n.t(
            'the network is right about {0} of the test samples, but only about {1} of those it is trained on. Look for wrong labels among the training samples.',
            formatShare(before.test![name]),
            formatShare(now.train[name]),
          ),
      },
    ];
  },

  samples: () => ({
    sick: [judgedBy('careless-train.csv')],
    nearMiss: judgedBy('careful-train.csv'),
    healthy: [table('balanced.csv', 2)],
  }),
});

const metricIn = (score: string): string => score.slice(score.lastIndexOf('.') + 1);

/** Whether training sees other values than a test: dropped ones, noise, or a scale that depends on the batch. */
const differsInTraining = (layer: TypedLayer): boolean =>
  layer.definition.category === 'regularization' ||
  dropsOf(layer).length > 0 ||
  (layer.definition.category === 'normalization' && Object.keys(layer.inferred.state ?? {}).length > 0);

/** The standard error of the difference between the two shares. */
function deviationOf(
  { trainSamples, testSamples }: TrainingLook,
  { test }: EpochLook,
  { train }: EpochLook,
  name: string,
): number {
  const variance = (share: number, samples: number) => (share * (1 - share)) / Math.max(1, samples);
  return Math.sqrt(variance(test![name], testSamples) + variance(train[name], trainSamples));
}

/** A network that is tested on correct labels. Its inputs are no list of numbers, so that similar samples are not compared. */
const judgedBy = (file: string) =>
  chain(
    [3, 2],
    {
      flat: { type: 'flatten' },
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    },
    {
      data: {
        type: 'csv',
        file: `test/fixtures/faults/data/${file}`,
        testFile: 'test/fixtures/faults/data/careful-test.csv',
        shape: [3, 2],
      },
      optimizer: { type: 'adam', learningRate: 0.01 },
      epochs: 8,
    },
  );
