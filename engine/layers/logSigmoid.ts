/** Log-sigmoid: the logarithm of the probability that belongs to a logit. */
import { defineActivation, zigZag } from './activation.ts';

export const logSigmoid = defineActivation({
  type: 'logSigmoid',
  label: 'Log-sigmoid',
  reach: () => ({ most: 0 }),
  produces: 'logProbabilities',
  facts: {
    summary:
      'The logarithm of the sigmoid, computed without loss of precision: log-probabilities of independent yes-or-no outputs.',
    formula: 'f(x) = ln σ(x) = min(0, x) − ln(1 + e^(−|x|))',
    derivative: '1 − σ(x), between 0 and 1',
    range: '(−∞, 0)',
    zeroCentred: `no: outputs are all negative, so ${zigZag}`,
    saturates: 'above: for x > 4 output and derivative are nearly 0',
    failure: 'as a hidden activation, vanishing gradient of units far above zero',
    remedy: 'keep it for the output; relu, gelu or elu in hidden layers',
    source: '[PyTorch: LogSigmoid](https://pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html)',
  },
  attributes: {},
  frameworks: {
    pytorch: { name: 'LogSigmoid', functional: 'logsigmoid' },
    keras: { name: 'Activation', functional: 'log_sigmoid', fixed: { activation: 'log_sigmoid' } },
  },
  flops: 4,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = Math.min(0, x[i]) - Math.log1p(Math.exp(-Math.abs(x[i])));
  },

  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] / (1 + Math.exp(x[i]));
  },
});
