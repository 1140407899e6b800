/** Multi-head self-attention: every time step collects values from the steps whose keys match its query. */
// biome-ignore-all format: a call lists one operand a line.
import * as l10n from '@vscode/l10n';
import { initializer } from '../initializers/registry.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { boolean, integer } from '../schema/attributes.ts';
import { amount, inWords, noBias } from '../schema/onCard.ts';
import { project, projectBackward } from './attention.ts';
import { attentionMaps } from './attentionMaps.ts';
import { attention } from './attentionStatistic.ts';
import { defineLayer, perSample, perSampleInt, problem } from './define.ts';
import { attentionFrameworks } from './frameworks/attention.ts';
import { realPositions } from './positions.ts';
import { timeFirst } from './time.ts';

export const multiHeadAttention = defineLayer({
  type: 'multiHeadAttention',
  category: 'attention',
  label: 'Multi-head attention',
  synonyms: ['self-attention', 'transformer', 'mha'],
  icon: 'eye',
  doc: `Self-attention over \`[time, features]\`. Each head turns every step into a query q, a key k and a value v of *keySize*
numbers and gives each step the mean of the values weighted by **softmax(q·kᵀ / √keySize)**; the heads' results, side
by side, are projected back to the input's features.

With *causal* a step attends only to itself and to earlier steps, as a language model must. No step attends to padding.
Queries, values and the output may have a bias. Keys have none, because the softmax would cancel it.
Time and memory grow with the square of the sequence length.

[Vaswani et al. 2017](https://arxiv.org/abs/1706.03762)`,
  attributes: {
    heads: integer({ default: 4, min: 1, onCard: { ...amount('heads'), always: true }, doc: 'Number of attention heads that work in parallel.' }),
    keySize: integer({ default: 16, min: 1, onCard: { words: (shown) => l10n.t('keys of {0}', shown), always: true }, doc: 'Size of the queries, keys and values of one head.' }),
    causal: boolean({ default: false, onCard: inWords(() => l10n.t('causal')), doc: 'No step attends to a later one.' }),
    useBias: boolean({ default: true, onCard: noBias, doc: 'Add a trained bias to queries, values and outputs.' }),
    kernelInitializer: initializer('glorotUniform', 'How the weights start.'),
    biasInitializer: initializer('zeros', 'How the biases start.'),
  },
  seesAhead: ({ causal }) => (causal ? undefined : { attribute: 'causal', value: true }),
  ignoresOrder: ({ causal }) => !causal,
  statistics: [attention],
  details: [attentionMaps],
  frameworks: attentionFrameworks,
  overwrites: true,
  forgetsOutput: true,

  time: (_attributes, [input], axes) => timeFirst(input, axes, { axis: 0 }),

  infer({ heads, keySize, useBias, kernelInitializer, biasInitializer }, [input]) {
    if (input.length !== 2)
      return problem(
        'shape/rank',
        l10n.t(
          'needs an input of [time, features], found [{0}]. Put a reshape or an embedding before it.',
          input.join(', '),
        ),
      );
    const [steps, features] = input;
    const width = heads * keySize;
    const into = { shape: [features, width], initializer: kernelInitializer };
    const offsets = { shape: [width], initializer: biasInitializer };
    const perStep = perSample(steps, width);
    return {
      output: input,
      parameters: {
        queryKernel: into,
        keyKernel: into,
        valueKernel: into,
        outputKernel: { shape: [width, features], initializer: kernelInitializer },
        ...(useBias
          ? {
              queryBias: offsets,
              valueBias: offsets,
              outputBias: { shape: [features], initializer: biasInitializer },
            }
          : {}),
      },
      saved: {
        query: perStep,
        key: perStep,
        value: perStep,
        weights: perSample(heads, steps, steps),
        context: perStep,
      },
      scratch: {
        gradQuery: perStep,
        gradKey: perStep,
        gradValue: perStep,
        gradContext: perStep,
        real: perSampleInt(),
      },
      constants: { steps, features, width, perStep: 1, scale: 1 / Math.sqrt(keySize) },
      kernelNeeds: { steps },
      flops: 8 * steps * features * width + 4 * steps * steps * width,
    };
  },

  /** q, k, v [N, T, W] = x · W; weights [N, H, T, T] = softmax(q · kᵀ / √K); y = (weights · v) · W + b. */
  forward(pass) {
    const { kernels, batch, input, output, parameters, saved } = pass;
    const { steps, features, width } = pass.constants;
    const rows = batch * steps;
    const { query, key, value, weights, context } = saved;
    const x = input.data;
    project(
      kernels, rows, features, width, x,
      parameters.queryKernel.data, parameters.queryBias?.data, query.data,
    );
    project(
      kernels, rows, features, width, x,
      parameters.keyKernel.data, undefined, key.data,
    );
    project(
      kernels, rows, features, width, x,
      parameters.valueKernel.data, parameters.valueBias?.data, value.data,
    );
    kernels.attend(
      shapeOf(pass), realPositions(pass.constants, pass, pass.scratch.real),
      query.data, key.data, value.data, weights.data, context.data,
    );
    project(
      kernels, rows, width, features, context.data,
      parameters.outputKernel.data, parameters.outputBias?.data, output.data,
    );
  },

  /**
   * With a = weights: dv = aᵀ · dContext, da = dContext · vᵀ, dScores = a · (da − Σ da·a) / √K,
   * dq = dScores · k, dk = dScoresᵀ · q; then each projection as in `dense.ts`.
   */
  backward(pass) {
    const { kernels, batch, input, gradInput, gradOutput, parameters, gradParameters, saved, scratch } = pass;
    const { accumulateInput, accumulateParameters } = pass;
    const { steps, features, width } = pass.constants;
    const rows = batch * steps;
    const { query, key, value, weights, context } = saved;
    const { gradQuery, gradKey, gradValue, gradContext } = scratch;
    projectBackward(
      kernels, rows, width, features,
      context.data, parameters.outputKernel.data, gradOutput.data, gradContext.data, false,
      gradParameters.outputKernel.data, gradParameters.outputBias?.data, accumulateParameters,
    );
    kernels.attendBackward(
      shapeOf(pass), query.data, key.data, value.data, weights.data, gradContext.data,
      gradQuery.data, gradKey.data, gradValue.data,
    );
    const x = input.data;
    const dx = gradInput?.data;
    projectBackward(
      kernels, rows, features, width,
      x, parameters.queryKernel.data, gradQuery.data, dx, accumulateInput,
      gradParameters.queryKernel.data, gradParameters.queryBias?.data, accumulateParameters,
    );
    projectBackward(
      kernels, rows, features, width,
      x, parameters.keyKernel.data, gradKey.data, dx, true,
      gradParameters.keyKernel.data, undefined, accumulateParameters,
    );
    projectBackward(
      kernels, rows, features, width,
      x, parameters.valueKernel.data, gradValue.data, dx, true,
      gradParameters.valueKernel.data, gradParameters.valueBias?.data, accumulateParameters,
    );
  },

  samples: [
    {
      name: 'two heads',
      inputs: [[4, 3]],
      attributes: { heads: 2, keySize: 2 },
    },
    { name: 'causal', inputs: [[5, 4]], attributes: { heads: 1, keySize: 3, causal: true } },
    {
      name: 'padded, no bias',
      inputs: [[4, 2]],
      attributes: { heads: 2, keySize: 3, useBias: false },
      lengths: [4, 2, 1],
    },
    { name: 'heads of one number', inputs: [[2, 3]], attributes: { heads: 3, keySize: 1, causal: true } },
  ],
  errorSamples: [
    { name: 'a vector', inputs: [[5]], code: 'shape/rank' },
    { name: 'an image', inputs: [[4, 4, 1]], code: 'shape/rank' },
  ],
});

/** The sizes and settings of the pass, for the kernels. */
function shapeOf({
  batch,
  attributes: { heads, keySize, causal },
  constants: { steps, scale },
}: {
  readonly batch: number;
  readonly attributes: Pick<AttentionShape, 'heads' | 'keySize' | 'causal'>;
  readonly constants: Pick<AttentionShape, 'steps' | 'scale'>;
}): AttentionShape {
  return { batch, heads, steps, keySize, causal, scale };
}
