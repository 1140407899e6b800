/** Small networks an empty canvas offers, each one gesture. They bring generated data, so that they train with no file at hand. */
import * as l10n from '@vscode/l10n';
import { layers as registry } from '../../engine/layers/registry.ts';
import type { SpecEdit } from '../../engine/spec/document.ts';
import type { Gesture } from './gestures.ts';
import type { NetworkView } from './network.ts';
import type { RawValues } from './values.ts';

interface StarterLayer {
  readonly name: string;
  readonly type: string;
  readonly attributes?: { readonly [name: string]: unknown };
}

export interface Starter {
  readonly title: string;
  readonly description: string;
  readonly icon: string;
  /** A chain: each reads the one before. */
  readonly layers: readonly StarterLayer[];
  /** The training section. Its data fits the first layer and the last. */
  readonly training: RawValues;
}

const imageStarter = (): Starter => ({
  title: l10n.t('Image classifier'),
  description: l10n.t('Convolution and pooling tell four shapes apart'),
  icon: 'device-camera',
  layers: [
    { name: 'image', type: 'input', attributes: { shape: [28, 28, 1] } },
    { name: 'conv1', type: 'conv2d', attributes: { filters: 8, kernelSize: 3, padding: 'same' } },
    { name: 'relu1', type: 'relu' },
    { name: 'pool1', type: 'maxPool2d', attributes: { poolSize: 2 } },
    { name: 'conv2', type: 'conv2d', attributes: { filters: 16, kernelSize: 3, padding: 'same' } },
    { name: 'relu2', type: 'relu' },
    { name: 'pool2', type: 'maxPool2d', attributes: { poolSize: 2 } },
    { name: 'flat', type: 'flatten' },
    { name: 'logits', type: 'dense', attributes: { units: 4 } },
  ],
  training: {
    data: { type: 'shapes' },
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    optimizer: { type: 'adam', learningRate: 0.004 },
    batchSize: 32,
    epochs: 5,
    seed: 1,
  },
});

const tableStarter = (): Starter => ({
  title: l10n.t('Table of numbers'),
  description: l10n.t('Two dense layers tell rings of points apart'),
  icon: 'table',
  layers: [
    { name: 'features', type: 'input', attributes: { shape: [2] } },
    { name: 'hidden', type: 'dense', attributes: { units: 16 } },
    { name: 'relu1', type: 'relu' },
    { name: 'logits', type: 'dense', attributes: { units: 2 } },
  ],
  training: {
    data: { type: 'points', pattern: 'circles' },
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    optimizer: { type: 'adam', learningRate: 0.01 },
    batchSize: 32,
    epochs: 20,
    seed: 1,
  },
});

const sequenceStarter = (): Starter => ({
  title: l10n.t('Sequence'),
  description: l10n.t('An LSTM remembers two numbers and adds them'),
  icon: 'pulse',
  layers: [
    { name: 'sequence', type: 'input', attributes: { shape: [50, 2] } },
    { name: 'lstm1', type: 'lstm', attributes: { hiddenSize: 32 } },
    { name: 'prediction', type: 'dense', attributes: { units: 1 } },
  ],
  training: {
    data: { type: 'adding', sequenceLength: 50 },
    loss: { type: 'meanSquaredError', from: 'prediction' },
    optimizer: { type: 'adam', learningRate: 0.005 },
    clipNorm: 1,
    batchSize: 32,
    epochs: 10,
    seed: 1,
  },
});

/** Those whose layers all exist. */
export const starters = (): readonly Starter[] =>
  [imageStarter(), tableStarter(), sequenceStarter()].filter(({ layers }) =>
    layers.every(({ type }) => registry.find(type) !== undefined),
  );

/** A training section that is there already is the person's own and stays. */
export function startWith(view: NetworkView, { layers, training }: Starter): Gesture {
  const adding = layers.map(
    ({ name, type, attributes = {} }, index): SpecEdit => ({
      kind: 'addLayer',
      name,
      type,
      attributes,
      from: index === 0 ? [] : [{ layer: layers[index - 1].name }],
    }),
  );
  const edits = view.training
    ? adding
    : [...adding, { kind: 'setTraining', path: [], value: training } as const];
  return { edit: { kind: 'several', edits }, select: [] };
}
