/** Small networks an empty canvas offers, each one gesture. */
import * as l10n from '@vscode/l10n';
import { layers as registry } from '../../engine/layers/registry.ts';
import type { SpecEdit } from '../../engine/spec/document.ts';
import type { Gesture } from './gestures.ts';

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
}

const imageStarter = (): Starter => ({
  title: l10n.t('Image classifier'),
  description: l10n.t('Convolution, pooling, ten classes'),
  icon: 'device-camera',
  layers: [
    { name: 'image', type: 'input', attributes: { shape: [28, 28, 1] } },
    { name: 'conv1', type: 'conv2d', attributes: { filters: 8, kernelSize: 3, padding: 'same' } },
    { name: 'relu1', type: 'relu' },
    { name: 'pool1', type: 'maxPool2d', attributes: { poolSize: 2 } },
    { name: 'flat', type: 'flatten' },
    { name: 'logits', type: 'dense', attributes: { units: 10 } },
  ],
});

const tableStarter = (): Starter => ({
  title: l10n.t('Table of numbers'),
  description: l10n.t('Two dense layers, three classes'),
  icon: 'table',
  layers: [
    { name: 'features', type: 'input', attributes: { shape: [4] } },
    { name: 'hidden', type: 'dense', attributes: { units: 16 } },
    { name: 'relu1', type: 'relu' },
    { name: 'logits', type: 'dense', attributes: { units: 3 } },
  ],
});

const sequenceStarter = (): Starter => ({
  title: l10n.t('Sequence'),
  description: l10n.t('An LSTM over time steps'),
  icon: 'pulse',
  layers: [
    { name: 'sequence', type: 'input', attributes: { shape: [50, 2] } },
    { name: 'lstm1', type: 'lstm', attributes: { hiddenSize: 32 } },
    { name: 'prediction', type: 'dense', attributes: { units: 1 } },
  ],
});

/** Those whose layers all exist. */
export const starters = (): readonly Starter[] =>
  [imageStarter(), tableStarter(), sequenceStarter()].filter(({ layers }) =>
    layers.every(({ type }) => registry.find(type) !== undefined),
  );

export function startWith({ layers }: Starter): Gesture {
  const edits = layers.map(
    ({ name, type, attributes = {} }, index): SpecEdit => ({
      kind: 'addLayer',
      name,
      type,
      attributes,
      from: index === 0 ? [] : [{ layer: layers[index - 1].name }],
    }),
  );
  return { edit: { kind: 'several', edits }, select: [] };
}
