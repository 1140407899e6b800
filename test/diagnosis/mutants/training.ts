/** Mistakes in the section "training": learning rate, optimizer, batches, schedule, clipping, penalties. */
import { setOptimizer } from '../../../engine/diagnose/fixes.ts';
import type { NetworkLook } from '../../../engine/diagnose/look.ts';
import { hasWeights } from '../../../engine/diagnose/network.ts';
import type { FindingCode } from '../../../engine/diagnose/registry.ts';
import { all, attributes, firstOf, learnsLittle, type Mutation, type Operator, setting } from './define.ts';

/** What steps that are too large do. */
export const tooLarge: readonly FindingCode[] = [
  'update/tooLarge',
  'loss/diverging',
  'loss/oscillating',
  'gradient/exploding',
  'time/exploding',
  'numbers/notFinite',
  'relu/dead',
  'activation/saturated',
  'activation/drift',
];

/** What steps that are too small do. */
const tooSmall: readonly FindingCode[] = ['update/tooSmall', 'update/lost'];

const optimizerOf = ({ analysis }: NetworkLook) => analysis.spec.training!.optimizer;

function timesRate(look: NetworkLook, factor: number): Mutation | undefined {
  const { learningRate } = optimizerOf(look).attributes;
  return typeof learningRate === 'number'
    ? setting(['optimizer', 'learningRate'], Number((learningRate * factor).toPrecision(6)))
    : undefined;
}

const rates = [1000, 100, 30, 10].map(
  (factor): Operator => ({
    name: `learning rate × ${factor}`,
    causes: tooLarge,
    symptoms: learnsLittle,
    mutate: (look) => timesRate(look, factor),
  }),
);

const lowRates = [30, 100, 300, 10_000].map(
  (factor): Operator => ({
    name: `learning rate / ${factor}`,
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: (look) => timesRate(look, 1 / factor),
  }),
);

/** Another optimizer with the learning rate of the old one. */
function swapped(
  from: readonly string[],
  to: string,
  more: { readonly [attribute: string]: number } = {},
): Operator['mutate'] {
  return (look) => {
    const { type, attributes } = optimizerOf(look);
    const { learningRate } = attributes;
    return from.includes(type) && typeof learningRate === 'number'
      ? firstOf(setOptimizer(look, to, { learningRate, ...more }))
      : undefined;
  };
}

const adams = ['adam', 'adamW', 'nadam', 'radam', 'adamax', 'rmsprop'];

/** Sets attributes of the optimizer that it has. */
const tuned =
  (
    attribute: string,
    value: number,
    more: { readonly [attribute: string]: number } = {},
  ): Operator['mutate'] =>
  (look) => {
    const { type, attributes } = optimizerOf(look);
    const { learningRate = 0.001 } = attributes;
    return attribute in attributes && typeof learningRate === 'number'
      ? setting(['optimizer'], { type, ...attributes, learningRate, [attribute]: value, ...more } as never)
      : undefined;
  };

const always =
  (path: readonly string[], value: number | object): Operator['mutate'] =>
  () =>
    setting(path, value as never);

export const trainingOperators: readonly Operator[] = [
  ...rates,
  ...lowRates,
  {
    name: 'SGD with the learning rate of Adam',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: swapped(adams, 'sgd'),
  },
  {
    name: 'Adam with the learning rate of SGD',
    causes: tooLarge,
    symptoms: learnsLittle,
    mutate: swapped(['sgd'], 'adam'),
  },
  {
    name: 'RMSprop with the learning rate of SGD',
    causes: tooLarge,
    symptoms: learnsLittle,
    mutate: swapped(['sgd'], 'rmsprop'),
  },
  {
    name: 'Lion with the learning rate of Adam',
    causes: tooLarge,
    symptoms: learnsLittle,
    mutate: swapped(adams, 'lion'),
  },
  {
    name: 'Adadelta with the learning rate of Adam',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: swapped([...adams, 'sgd'], 'adadelta'),
  },
  {
    name: 'Adagrad with a small learning rate',
    causes: [...tooSmall, 'update/slowing'],
    symptoms: learnsLittle,
    mutate: swapped(adams, 'adagrad'),
  },
  { name: 'momentum 0.999', causes: tooLarge, symptoms: learnsLittle, mutate: tuned('momentum', 0.999) },
  { name: 'momentum 0.99', causes: tooLarge, symptoms: learnsLittle, mutate: tuned('momentum', 0.99) },
  {
    name: 'beta1 0.999',
    causes: [...tooLarge, ...tooSmall],
    symptoms: learnsLittle,
    mutate: tuned('beta1', 0.999),
  },
  {
    name: 'beta1 0.99',
    causes: [...tooLarge, ...tooSmall],
    symptoms: learnsLittle,
    mutate: tuned('beta1', 0.99),
  },
  { name: 'epsilon 10', causes: tooSmall, symptoms: learnsLittle, mutate: tuned('epsilon', 10) },
  {
    name: 'weight decay 0.3',
    causes: ['regularization/tooStrong'],
    symptoms: learnsLittle,
    mutate: tuned('weightDecay', 0.3),
  },
  {
    name: 'weight decay 1',
    causes: ['regularization/tooStrong'],
    symptoms: learnsLittle,
    mutate: tuned('weightDecay', 1),
  },
  {
    name: 'weight decay 10',
    causes: ['regularization/tooStrong'],
    symptoms: learnsLittle,
    mutate: tuned('weightDecay', 10),
  },
  ...(['l1', 'l2'] as const).flatMap((penalty) =>
    [0.03, 0.1, 1].map(
      (value): Operator => ({
        name: `${penalty} ${value}`,
        causes: ['regularization/tooStrong'],
        symptoms: learnsLittle,
        mutate(look) {
          const weighted = new Set(look.analysis.graph.layers.filter(hasWeights).map(({ name }) => name));
          return attributes(look, ({ name }): { l1?: number } =>
            weighted.has(name) ? { [penalty]: value } : {},
          );
        },
      }),
    ),
  ),
  {
    name: 'clipNorm 0.00001',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: always(['clipNorm'], 0.00001),
  },
  {
    name: 'clipValue 0.000001',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: always(['clipValue'], 0.000001),
  },
  {
    name: 'schedule that divides by 100 each epoch',
    causes: [...tooSmall, 'update/slowing'],
    symptoms: learnsLittle,
    mutate: always(['schedule'], { type: 'step', every: 1, factor: 0.01 }),
  },
  {
    name: 'schedule that divides by 10 after one epoch',
    causes: [...tooSmall, 'update/slowing'],
    symptoms: learnsLittle,
    mutate: always(['schedule'], { type: 'step', every: 1, factor: 0.1 }),
  },
  {
    name: 'warm-up three times as long as the run',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: ({ analysis }) =>
      setting(['schedule'], {
        type: 'warmup',
        epochs: 3 * (analysis.spec.training?.epochs ?? 1),
        start: 0.001,
      }),
  },
  {
    name: 'SGD with clipNorm 0.001',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: (look) => (optimizerOf(look).type === 'sgd' ? setting(['clipNorm'], 0.001) : undefined),
  },
  {
    name: 'a tenth of the epochs',
    causes: ['fit/underfitting'],
    symptoms: learnsLittle,
    mutate: ({ analysis }) =>
      setting(['epochs'], Math.max(1, Math.round((analysis.spec.training?.epochs ?? 10) / 10))),
  },
  { name: 'one epoch', causes: ['fit/underfitting'], symptoms: learnsLittle, mutate: always(['epochs'], 1) },
  {
    name: 'batches of one',
    causes: [...tooLarge, 'batch/tooSmallForBatchNorm'],
    symptoms: learnsLittle,
    mutate: always(['batchSize'], 1),
  },
  {
    name: 'batches of one at three times the learning rate',
    causes: [...tooLarge, 'batch/tooSmallForBatchNorm'],
    symptoms: learnsLittle,
    mutate(look) {
      const rate = timesRate(look, 3)?.edit;
      const batches = setting(['batchSize'], 1).edit;
      return rate && batches && all([rate, batches]);
    },
  },
  {
    name: 'one batch an epoch',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: always(['batchSize'], 1024),
  },
  {
    name: 'gradients of 64 batches for an update',
    causes: tooSmall,
    symptoms: learnsLittle,
    mutate: always(['accumulate'], 64),
  },
  {
    name: 'early stopping without patience',
    causes: ['fit/stoppedEarly'],
    symptoms: learnsLittle,
    mutate: always(['earlyStopping'], { patience: 1, minDelta: 0.3 }),
  },
  {
    name: 'early stopping after one epoch that is no better',
    causes: ['fit/stoppedEarly'],
    symptoms: learnsLittle,
    mutate: always(['earlyStopping'], { patience: 1, minDelta: 0.05 }),
  },
];
