/** Mistakes in how weights and biases start. */
import type { NetworkLook } from '../../../engine/diagnose/look.ts';
import { judged, leadingTo, mixesInputs, nextWeights, weightsOf } from '../../../engine/diagnose/network.ts';
import type { FindingCode } from '../../../engine/diagnose/registry.ts';
import type { TypedLayer } from '../../../engine/graph/typed.ts';
import type { Json } from '../../../engine/schema/attributes.ts';
import { attributes, learnsLittle, type Mutation, type Operator } from './define.ts';

/** Sets an attribute of all layers of the network that have it and that are chosen. */
function initialized(
  look: NetworkLook,
  attribute: string,
  value: (layer: TypedLayer) => Json,
  isChosen: (layer: TypedLayer) => boolean,
): Mutation | undefined {
  const chosen = new Map(look.analysis.graph.layers.filter(isChosen).map((layer) => [layer.name, layer]));
  return attributes(look, ({ name, attributes: own }): { [attribute: string]: Json } => {
    const layer = chosen.get(name);
    return layer && Object.hasOwn(own, attribute) ? { [attribute]: value(layer) } : {};
  });
}

/** Normal weights with a multiple of the deviation that suits the number of inputs. */
const times = (factor: number) => (layer: TypedLayer) => {
  const [{ fanIn } = { fanIn: 1 }] = weightsOf(layer);
  return { type: 'normal', std: Number((factor * Math.sqrt(2 / fanIn)).toPrecision(3)) };
};

const lastOf = (look: NetworkLook): string | undefined =>
  leadingTo(look.analysis.graph, judged(look)).find(mixesInputs)?.name;

const symmetric: readonly FindingCode[] = ['init/symmetric'];
const growing: readonly FindingCode[] = [
  'init/mismatch',
  'loss/initial',
  'activation/saturated',
  'gradient/exploding',
  'numbers/notFinite',
  'relu/dead',
  'gradient/vanishing',
];

const kernels = (
  name: string,
  causes: readonly FindingCode[],
  value: (layer: TypedLayer) => Json,
): Operator => ({
  name,
  causes,
  symptoms: learnsLittle,
  mutate: (look) => initialized(look, 'kernelInitializer', value, mixesInputs),
});

const hiddenBias = (value: number): Operator => ({
  name: `hidden biases start at ${value}`,
  causes: [
    'relu/dead',
    'activation/saturated',
    'activation/notCentred',
    'gradient/vanishing',
    'loss/initial',
    'init/mismatch',
  ],
  symptoms: learnsLittle,
  mutate: (look) =>
    initialized(
      look,
      'biasInitializer',
      () => ({ type: 'constant', value }),
      (layer) => mixesInputs(layer) && nextWeights(look.analysis.graph, layer.name).length > 0,
    ),
});

const recurrent = (
  name: string,
  causes: readonly FindingCode[],
  value: (layer: TypedLayer) => Json,
): Operator => ({
  name,
  causes,
  symptoms: learnsLittle,
  mutate: (look) => initialized(look, 'recurrentInitializer', value, () => true),
});

export const initialOperators: readonly Operator[] = [
  kernels('weights start at zero', [...symmetric, 'relu/dead'], () => 'zeros'),
  kernels('weights start at 0.5', [...symmetric, 'init/mismatch', 'activation/saturated'], () => ({
    type: 'constant',
    value: 0.5,
  })),
  kernels('weights start 10 times too large', growing, times(10)),
  kernels('weights start 100 times too large', growing, times(100)),
  kernels('weights start 30 times too large', growing, times(30)),
  kernels('weights start 100 times too small', ['init/mismatch', 'gradient/vanishing'], times(0.01)),
  kernels('weights are uniform from 0 to 1', [...growing, 'activation/notCentred'], () => ({
    type: 'uniform',
    min: 0,
    max: 1,
  })),
  hiddenBias(-10),
  hiddenBias(10),
  {
    name: 'biases of the last layer start between -30 and 30',
    causes: growing,
    symptoms: learnsLittle,
    mutate(look) {
      const last = lastOf(look);
      const value = { type: 'uniform', min: -30, max: 30 };
      return initialized(
        look,
        'biasInitializer',
        () => value,
        ({ name }) => name === last,
      );
    },
  },
  {
    name: 'weights of the last layer start 30 times too large',
    causes: growing,
    symptoms: learnsLittle,
    mutate(look) {
      const last = lastOf(look);
      return initialized(look, 'kernelInitializer', times(30), ({ name }) => name === last);
    },
  },
  recurrent(
    'recurrent weights start at about 1',
    ['init/mismatch', 'time/exploding', 'gradient/exploding', 'activation/saturated', 'numbers/notFinite'],
    () => ({ type: 'normal', std: 1 }),
  ),
  recurrent(
    'recurrent weights start at 1.5 times the identity',
    ['init/mismatch', 'time/exploding', 'gradient/exploding', 'activation/saturated', 'numbers/notFinite'],
    () => ({ type: 'identity', gain: 1.5 }),
  ),
  recurrent(
    'recurrent weights start at zero',
    ['init/symmetric', 'init/mismatch', 'time/vanishing'],
    () => 'zeros',
  ),
  {
    name: 'the forget gate starts half shut',
    causes: ['time/vanishing', 'activation/saturated'],
    symptoms: learnsLittle,
    mutate: (look) =>
      attributes(look, ({ attributes: own }): { [attribute: string]: Json } =>
        Object.hasOwn(own, 'unitForgetBias') ? { unitForgetBias: false } : {},
      ),
  },
];
