/** GRU: one gate blends the old state with a candidate; another one decides how much of the old state enters the candidate. */
import * as l10n from '@vscode/l10n';
import { boolean } from '../schema/attributes.ts';
import { inWords } from '../schema/onCard.ts';
import { defineLayer, perSample } from './define.ts';
import { gruFrameworks } from './frameworks/recurrent.ts';
import { gateCoursesOf, stateCourses } from './recurrent/courses.ts';
import { type GruCell, type GruInferred, resetAfterCell, resetBeforeCell } from './recurrent/gruCells.ts';
import { memoryErrorSamples, recurrentErrorSamples, recurrentSamples } from './recurrent/samples.ts';
import {
  gateBias,
  hiddenPort,
  hiddenSize,
  inferRecurrent,
  memoryProblem,
  memorySteps,
  readsBackwards,
  recurrentAttributes,
  recurrentDoc,
  recurrentTime,
} from './recurrent/shape.ts';
import { effectiveMemory, gatesOf, gradThroughTime } from './recurrent/statistics.ts';
import { walkBackward, walkForward } from './recurrent/walk.ts';

const attributes = {
  hiddenSize,
  ...recurrentAttributes,
  resetAfter: boolean({
    default: true,
    onCard: inWords(() => l10n.t('reset before the product')),
    doc: 'Apply the reset gate after the product with the recurrent kernel (as PyTorch and cuDNN do), or before it (as first published).',
  }),
  memorySteps,
};

const cellOf = ({ resetAfter }: { readonly resetAfter: boolean }): GruCell =>
  resetAfter ? resetAfterCell : resetBeforeCell;

/** The blocks of columns that are gates. */
const gates = ['update', 'reset', undefined];

export const gru = defineLayer<typeof attributes, GruInferred>({
  type: 'gru',
  category: 'recurrent',
  isGated: true,
  seesAhead: readsBackwards,
  dropShares: ['inputDropout', 'recurrentDropout'],
  label: 'GRU',
  synonyms: ['rnn', 'gated recurrent unit', 'recurrent network', 'bidirectional'],
  icon: 'git-merge',
  doc: `Gated recurrent unit: the state is blended with a candidate, unit by unit.

| gate | formula | decides |
|---|---|---|
| update | zₜ = σ(xₜ·W_z + hₜ₋₁·R_z + b_z) | how much of the old state stays |
| reset | rₜ = σ(xₜ·W_r + hₜ₋₁·R_r + b_r) | how much of it enters the candidate |
| candidate | cₜ = tanh(xₜ·W_c + rₜ·(hₜ₋₁·R_c + b′_c) + b_c) | what may enter |

**hₜ = zₜ·hₜ₋₁ + (1 − zₜ)·cₜ**. Columns of kernel, recurrentKernel and biases are in the order z r c. Without resetAfter the candidate
is tanh(xₜ·W_c + (rₜ·hₜ₋₁)·R_c + b_c), and there is no recurrentBias.

**Why it remembers.** ∂hₜ/∂hₜ₋₁ = zₜ + …: where the update gate is near 1 the state, and the gradient with it, is copied from step to step
instead of being squashed and multiplied by a Jacobian, as in a simple RNN ([Cho et al., 2014](https://arxiv.org/abs/1406.1078)). Three
quarters of an LSTM's parameters, often equal results ([Chung et al., 2014](https://arxiv.org/abs/1412.3555)). It can still explode: clip
by global norm.

**What to watch.** An update gate nearly shut (z ≈ 0) everywhere is a simple RNN with short memory; nearly open everywhere, it ignores its input.

${recurrentDoc}

[PyTorch: GRU](https://pytorch.org/docs/stable/generated/torch.nn.GRU.html)`,
  attributes,
  frameworks: gruFrameworks,
  inputs: [{ name: 'input' }, hiddenPort],

  time: recurrentTime,

  infer(attributes, inputs) {
    const { hiddenSize, bidirectional, useBias, resetAfter, memorySteps } = attributes;
    const wrong = memoryProblem(attributes);
    if (wrong) return wrong;
    const recurrentBias = { shape: [3 * hiddenSize], initializer: { type: 'zeros', attributes: {} } };
    const bias = {
      ...recurrentBias,
      initializer: gateBias(memorySteps, { blocks: 3, open: 0, shut: -1 }, recurrentBias.initializer),
    };
    const base = inferRecurrent(attributes, inputs, {
      gates: 3,
      parameters: { ...(useBias ? { bias } : {}), ...(useBias && resetAfter ? { recurrentBias } : {}) },
    });
    if ('problem' in base) return base;
    const directions = bidirectional ? 2 : 1;
    const [time] = inputs[0];
    return {
      ...base,
      saved: { ...base.saved, candidateSource: perSample(directions, time, hiddenSize) },
      scratch: {
        ...base.scratch,
        recurrent: perSample(3 * hiddenSize),
        gradRecurrent: resetAfter ? base.scratch.gradGates : perSample(hiddenSize),
      },
    };
  },

  forward(pass) {
    walkForward(pass, cellOf(pass.attributes));
  },

  backward(pass) {
    walkBackward(pass, cellOf(pass.attributes));
  },

  statistics: [gradThroughTime, effectiveMemory, gatesOf(gates)],
  details: [gateCoursesOf(gates), stateCourses],

  samples: [
    ...recurrentSamples,
    ...recurrentSamples.map((sample) => ({
      ...sample,
      name: `reset before the product: ${sample.name}`,
      attributes: { ...sample.attributes, resetAfter: false },
    })),
  ],
  errorSamples: [...recurrentErrorSamples, ...memoryErrorSamples('useBias')],
});
