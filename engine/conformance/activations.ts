/** The oracle's activation cases on our activation layers and dropout. */

import { channelsLast } from '../export/layout.ts';
import { Random } from '../kernels/random.ts';
import { type LayerCase, runnerOf } from './layerCase.ts';
import type { OracleCase, OracleTensor } from './oracle.ts';

type Mapping = (oracleCase: OracleCase) => LayerCase;

/** An elementwise layer on the whole tensor as one sample. */
const elementwise =
  (
    type: string,
    attributesOf: (config: OracleCase['config']) => LayerCase['attributes'] = () => ({}),
  ): Mapping =>
  ({ inputs: [{ shape }], config }) => ({
    type,
    attributes: attributesOf(config) ?? {},
    inputs: [{ tensor: 'x', shape: [1, ...shape] }],
    output: { shape: [1, ...shape] },
  });

/** The file counts axes from 0; with the whole tensor as one sample, ours are one more. */
const alongAxis = (type: string): Mapping =>
  elementwise(type, ({ dim }) => ({ axis: Number(dim) < 0 ? Number(dim) : Number(dim) + 1 }));

/** softmin(x) = softmax(−x). */
const softmin: Mapping = (oracleCase) => {
  const layerCase = alongAxis('softmax')(oracleCase);
  return { ...layerCase, inputs: layerCase.inputs.map((placement) => ({ ...placement, factor: -1 })) };
};

const slope: Mapping = ({ inputs: [{ shape }], params: [weight] }) => {
  const layout = shape.length > 2 ? { axes: channelsLast(shape.length) } : {};
  return {
    type: 'pRelu',
    attributes: { perChannel: weight.shape[0] > 1 },
    inputs: [{ tensor: 'x', ...layout }],
    parameters: { slope: { tensor: weight.name } },
    output: layout,
  };
};

/** Draws just so that dropout keeps what a given mask keeps. */
class MaskedRandom extends Random {
  #index = 0;

  constructor(readonly mask: OracleTensor) {
    super(0);
  }

  override uniform(): number {
    return this.mask.data[this.#index++] === 0 ? 0 : 1;
  }
}

const maskedDropout: Mapping = ({ inputs: [, mask], config }) => ({
  type: 'dropout',
  attributes: { rate: config.p },
  inputs: [{ tensor: 'x' }],
  output: {},
  random: new MaskedRandom(mask),
});

/** From the threshold on the case is linear, which at PyTorch's own, 20, only rounding tells. */
const softplus = (oracleCase: OracleCase): LayerCase | undefined =>
  Number(oracleCase.config.threshold ?? 20) < 20
    ? undefined
    : elementwise('softplus', ({ beta }) => ({ beta }))(oracleCase);

const mappings: { readonly [op: string]: (oracleCase: OracleCase) => LayerCase | undefined } = {
  celu: elementwise('celu', ({ alpha }) => ({ alpha })),
  dropout_given_mask: maskedDropout,
  elu: elementwise('elu', ({ alpha }) => ({ alpha })),
  gelu: elementwise('gelu', ({ approximate }) => ({ approximation: approximate })),
  gelu_tanh: elementwise('gelu', () => ({ approximation: 'tanh' })),
  hardsigmoid: elementwise('hardSigmoid'),
  hardswish: elementwise('hardSwish'),
  hardtanh: elementwise('hardTanh', (config) => ({ low: config.min_val, high: config.max_val })),
  leaky_relu: elementwise('leakyRelu', (config) => ({ slope: config.negative_slope })),
  log_softmax: alongAxis('logSoftmax'),
  logsigmoid: elementwise('logSigmoid'),
  mish: elementwise('mish'),
  prelu: slope,
  relu: elementwise('relu'),
  relu6: elementwise('relu6'),
  rrelu_eval: (oracleCase) => ({
    ...elementwise('rRelu', ({ lower, upper }) => ({ lower, upper }))(oracleCase),
    training: false,
  }),
  selu: elementwise('selu'),
  sigmoid: elementwise('sigmoid'),
  silu: elementwise('silu'),
  softmax: alongAxis('softmax'),
  softmin,
  softplus,
  softshrink: elementwise('softShrink', ({ lambd }) => ({ threshold: lambd })),
  softsign: elementwise('softsign'),
  tanh: elementwise('tanh'),
  tanhshrink: elementwise('tanhShrink'),
};

export const runActivationCase = runnerOf(mappings);
