/** Adam and AdamW: steps scaled by running means of each gradient and of its square. */
import { boolean, number, type Values } from '../schema/attributes.ts';
import { as, only, statedByCall } from '../schema/frameworks.ts';
import { beta1, beta2, betas, epsilon, learningRate, weightDecay } from './common.ts';
import { defineOptimizer, type OptimizerPass } from './define.ts';

const adamAttributes = {
  learningRate: learningRate(0.001),
  beta1: beta1(0.9),
  beta2: beta2(0.999),
  epsilon: epsilon(1e-8),
  weightDecay: weightDecay(),
  amsgrad: boolean({
    default: false,
    doc: 'Divide by the largest v so far, so that the step size never grows again. [Reddi et al., 2018](https://arxiv.org/abs/1904.09237)',
  }),
};

type Pass = OptimizerPass<typeof adamAttributes>;

const slots = ({ amsgrad }: Values<typeof adamAttributes>): readonly string[] =>
  amsgrad ? ['m', 'v', 'largestV'] : ['m', 'v'];

/** The update without any weight decay. */
function adamUpdate({
  attributes,
  kernels,
  step,
  learningRate,
  count,
  parameters: w,
  gradients: g,
  slots,
}: Pass): void {
  const { beta1, beta2 } = attributes;
  const [m, v, largest] = slots;
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  kernels.adamStep(count, learningRate, attributes, correction1, correction2, w, g, m, v, largest);
}

export const adam = defineOptimizer({
  type: 'adam',
  label: 'Adam',
  doc: `Each weight gets its own step size: the running mean of its gradient, divided by the root of the running mean of its square.

m ← β1·m + (1 − β1)·g, v ← β2·v + (1 − β2)·g², **w ← w − learningRate · m̂ / (√v̂ + ε)**, where m̂ = m / (1 − β1ᵗ) and
v̂ = v / (1 − β2ᵗ) correct for the start at zero. Steps are about as large as the learning rate, whatever the scale of the gradient.
A good first choice. Weight decay is scaled like the gradient here; *adamW* avoids that.

[Kingma and Ba, 2015](https://arxiv.org/abs/1412.6980),
[PyTorch: Adam](https://pytorch.org/docs/stable/generated/torch.optim.Adam.html)`,
  attributes: adamAttributes,
  frameworks: {
    pytorch: {
      name: 'Adam',
      attributes: {
        learningRate: as('lr', 0.001),
        ...betas(),
        epsilon: as('eps', 1e-8),
        weightDecay: as('weight_decay', 0),
        amsgrad: as('amsgrad', false),
      },
    },
    // Its ε is added before v is corrected, so that ours is that of theirs / √(1 − beta2ᵗ).
    onnx: {
      name: 'Adam',
      fixed: { norm_coefficient_post: 0 },
      attributes: {
        learningRate: statedByCall(0.001),
        beta1: as('alpha', 0.9),
        beta2: as('beta', 0.999),
        epsilon: as('epsilon', 1e-6),
        weightDecay: as('norm_coefficient', 0),
        amsgrad: only(false),
      },
    },
  },
  slots,

  update(pass) {
    const { attributes, kernels, count, parameters: w, gradients: g } = pass;
    if (attributes.weightDecay > 0) kernels.addScaled(count, attributes.weightDecay, w, 0, g, 0);
    adamUpdate(pass);
  },
});

export const adamW = defineOptimizer({
  type: 'adamW',
  label: 'AdamW',
  decouplesDecay: true,
  doc: `*adam* with decoupled weight decay: before each step **w ← w · (1 − learningRate · weightDecay)**, without Adam's scaling. Then all weights
decay equally, also those with large gradients. The usual choice for transformers.

[Loshchilov and Hutter, 2019](https://arxiv.org/abs/1711.05101),
[PyTorch: AdamW](https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html)`,
  attributes: {
    ...adamAttributes,
    weightDecay: number({
      default: 0.01,
      min: 0,
      doc: 'Share by which each weight shrinks at each step, multiplied by the learning rate.',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'AdamW',
      attributes: {
        learningRate: as('lr', 0.001),
        ...betas(),
        epsilon: as('eps', 1e-8),
        weightDecay: as('weight_decay', 0.01),
        amsgrad: as('amsgrad', false),
      },
    },
  },
  slots,

  update(pass) {
    const { attributes, kernels, count, learningRate, parameters: w } = pass;
    if (attributes.weightDecay > 0)
      kernels.addScaled(count, -learningRate * attributes.weightDecay, w, 0, w, 0);
    adamUpdate(pass);
  },
});
