/** Poisson: counts of events. */
import { defineElementwiseLoss } from './elementwise.ts';

export const poisson = defineElementwiseLoss({
  type: 'poisson',
  label: 'Poisson',
  doc: `For predicting **counts**: exp(x) − t·x, averaged over all elements, where x is the logarithm of the expected count. It is the negative
log-likelihood of a Poisson distribution without the term log t!, which does not depend on the network.

[PyTorch: PoissonNLLLoss](https://pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html)`,
  attributes: {},
  frameworks: {
    pytorch: {
      name: 'PoissonNLLLoss',
      functional: 'poisson_nll_loss',
      fixed: { log_input: true, full: false },
    },
  },
  metrics: [],
  classValues: [0, 1],
  reads: () => ({ predictions: 'logValues', targets: { least: 0, most: Number.POSITIVE_INFINITY } }),
  value: (x, t) => Math.exp(x) - t * x,
  derivative: (x, t) => Math.exp(x) - t,
  samples: [{ name: 'vector', prediction: [3], targets: 'bits' }],
});
