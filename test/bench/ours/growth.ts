/** How the cost of a step grows with the size of a network, its batch, its sequences and its depth. */
import { type Layer, type Network, operationsOf } from '../networks.ts';
import { Model, openBackend, textOf } from './model.ts';
import { alternate } from './time.ts';

const factors = [1, 2, 4, 8];

const base = { loss: 'softmaxCrossEntropy', learningRate: 0.01 } as const;
const classes: Layer = { type: 'dense', units: 10 };
const hidden = (units: number): Layer[] => [{ type: 'dense', units }, { type: 'relu' }];

const axes: { readonly [name: string]: (factor: number) => Network } = {
  'parameters (hidden units, 784-128·f-10)': (factor) => ({
    ...base,
    batch: 32,
    input: [784],
    layers: [...hidden(128 * factor), classes],
    title: '',
  }),
  'batch (16·f, 784-128-10)': (factor) => ({
    ...base,
    batch: 16 * factor,
    input: [784],
    layers: [...hidden(128), classes],
    title: '',
  }),
  'batch of images (4·f, the CNN)': (factor) => ({
    ...base,
    batch: 4 * factor,
    input: [28, 28, 1],
    layers: [
      { type: 'conv', filters: 8 },
      { type: 'relu' },
      { type: 'pool' },
      { type: 'conv', filters: 16 },
      { type: 'relu' },
      { type: 'pool' },
      { type: 'flatten' },
      classes,
    ],
    title: '',
  }),
  'time steps (16·f, LSTM 128)': (factor) => ({
    ...base,
    batch: 32,
    input: [16 * factor, 32],
    layers: [{ type: 'lstm', units: 128 }, classes],
    title: '',
  }),
  'layers (8·f of dense 128 and relu)': (factor) => ({
    ...base,
    batch: 32,
    input: [128],
    layers: [...Array.from({ length: 8 * factor }, () => hidden(128)).flat(), classes],
    title: '',
  }),
};

export interface Growth {
  readonly axis: string;
  /** For ×1, ×2, ×4 and ×8. */
  readonly milliseconds: readonly number[];
  readonly operations: readonly number[];
}

export async function measureGrowth(rounds: number): Promise<Growth[]> {
  const backend = await openBackend(1);
  return Object.entries(axes).map(([axis, make]) => {
    const variants = factors.map(make);
    const models = variants.map((network) => new Model(textOf(network), backend));
    const steps = models.map((model) => () => void model.step());
    return { axis, milliseconds: alternate(steps, rounds, 60), operations: variants.map(operationsOf) };
  });
}
