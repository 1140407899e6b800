/** Dense: every output is a weighted sum of all inputs. */
// biome-ignore-all format: a call lists one operand a line.
import * as l10n from '@vscode/l10n';
import { initializer } from '../initializers/registry.ts';
import { boolean, integer } from '../schema/attributes.ts';
import { as, only, sizeOfAxis, whereGiven } from '../schema/frameworks.ts';
import { amount, noBias } from '../schema/onCard.ts';
import { defineLayer, problem, sizeOf } from './define.ts';
import { denseKernel } from './frameworks/layout.ts';
import { firstOf, keepsTime, refusesPadding } from './time.ts';

export const dense = defineLayer({
  type: 'dense',
  category: 'core',
  linear: true,
  label: 'Dense',
  synonyms: ['fc', 'fully connected', 'affine', 'perceptron', 'mlp', 'projection'],
  icon: 'symbol-array',
  doc: `Every output is a weighted sum of all inputs: **y = x·W + b**.

The layer applies to the last axis: on \`[time, features]\`, all time steps use the same weights.

[PyTorch: Linear](https://pytorch.org/docs/stable/generated/torch.nn.Linear.html)`,
  attributes: {
    units: integer({ min: 1, start: 64, onCard: amount('units'), doc: 'Number of outputs.' }),
    useBias: boolean({ default: true, onCard: noBias, doc: 'Add a trained bias to every output.' }),
    kernelInitializer: initializer('glorotUniform', 'How the weights start.'),
    biasInitializer: initializer('zeros', 'How the biases start.'),
  },
  frameworks: {
    pytorch: {
      name: 'Linear',
      functional: 'linear',
      inputFeatures: 'in_features',
      attributes: { units: 'out_features', useBias: as('bias', true) },
      parameters: { kernel: { name: 'weight', axes: denseKernel }, bias: 'bias' },
    },
    keras: {
      name: 'Dense',
      attributes: { units: 'units', useBias: as('use_bias', true) },
      parameters: { kernel: 'kernel', bias: 'bias' },
    },
    onnx: [
      {
        name: 'Gemm',
        rank: 2,
        operands: ['A', 'B', 'C'],
        fixed: { alpha: 1, beta: 1, transA: 0, transB: 0 },
        attributes: { units: sizeOfAxis('B', 1, 2), useBias: whereGiven('C', 1) },
        parameters: { kernel: 'B', bias: 'C' },
      },
      {
        name: 'MatMul',
        operands: ['A', 'B'],
        attributes: { units: sizeOfAxis('B', 1, 2), useBias: only(false) },
        parameters: { kernel: 'B' },
      },
    ],
  },
  ignoresOrder: () => true,
  overwrites: true,
  forgetsOutput: true,
  fuses: true,

  time(_attributes, [input], axes) {
    return firstOf(axes) === input.length - 1 ? refusesPadding() : keepsTime({}, [input], axes);
  },

  infer({ units, useBias, kernelInitializer, biasInitializer }, [input]) {
    if (input.length === 0)
      return problem(
        'shape/rank',
        l10n.t('needs an input with at least one axis, found a single number per sample.'),
      );
    const features = input[input.length - 1];
    const rows = sizeOf(input) / features;
    return {
      output: [...input.slice(0, -1), units],
      parameters: {
        kernel: { shape: [features, units], initializer: kernelInitializer },
        ...(useBias ? { bias: { shape: [units], initializer: biasInitializer } } : {}),
      },
      constants: { features, rows },
      flops: 2 * rows * features * units,
    };
  },

  /** y[R, U] = x[R, F] · W[F, U] + b[U], with R = batch × the axes before the last. */
  forward({ kernels, batch, input, output, parameters, attributes, constants, activation }) {
    const { units } = attributes;
    const { features } = constants;
    kernels.gemm(
      batch * constants.rows, units, features,
      input.data, 0, features,
      parameters.kernel.data, 0, units,
      output.data, 0, units,
      { bias: parameters.bias?.data, activation },
    );
  },

  /** dx = dy · Wᵀ, dW = xᵀ · dy, db = Σ_rows dy. */
  backward(pass) {
    const { kernels, batch, input, parameters, gradInput, gradOutput, gradParameters, attributes, constants } = pass;
    const { units } = attributes;
    const { features } = constants;
    const rows = batch * constants.rows;
    if (gradInput)
      kernels.gemm(
        rows, features, units,
        gradOutput.data, 0, units,
        parameters.kernel.data, 0, units,
        gradInput.data, 0, features,
        { transposeB: true, accumulate: pass.accumulateInput },
      );
    kernels.gemm(
      features, units, rows,
      input.data, 0, features,
      gradOutput.data, 0, units,
      gradParameters.kernel.data, 0, units,
      { transposeA: true, accumulate: pass.accumulateParameters },
    );
    if (gradParameters.bias) {
      if (!pass.accumulateParameters) kernels.clear(gradParameters.bias.data);
      kernels.addColumnSums(rows, units, gradOutput.data, 0, gradParameters.bias.data);
    }
  },

  samples: [
    { name: 'vector', inputs: [[5]], attributes: { units: 4 } },
    { name: 'no bias, time axis', inputs: [[3, 4]], attributes: { units: 5, useBias: false } },
    { name: 'one unit', inputs: [[2, 3, 2]], attributes: { units: 1 } },
  ],
  errorSamples: [{ name: 'a single number', inputs: [[]], attributes: { units: 2 }, code: 'shape/rank' }],
});
