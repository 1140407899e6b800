/** Tanh shrink: the input minus its tanh. */
import { defineActivation } from './activation.ts';

export const tanhShrink = defineActivation({
  type: 'tanhShrink',
  label: 'Tanh shrink',
  facts: {
    summary: 'The input minus its tanh: small values nearly vanish, large ones lose 1. For sparse codes.',
    formula: 'f(x) = x − tanh(x)',
    derivative: 'tanh²(x), between 0 and 1',
    range: '(−∞, ∞)',
    zeroCentred: 'yes: it is odd',
    saturates: 'around zero: for |x| < 0.1 the derivative is below 0.01',
    failure: 'vanishing gradient around zero, where other activations learn best',
    remedy: 'larger initial weights, or an activation with slope 1 at zero such as tanh',
    source: '[PyTorch: Tanhshrink](https://pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html)',
  },
  attributes: {},
  frameworks: {
    pytorch: { name: 'Tanhshrink', functional: 'tanhshrink' },
    keras: { name: 'Activation', functional: 'tanh_shrink', fixed: { activation: 'tanh_shrink' } },
  },
  flops: 4,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = shrink(x[i]);
  },

  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) {
      const t = Math.tanh(x[i]);
      dx[i] += dy[i] * t * t;
    }
  },
});

/** x − tanh x. Near 0, where both agree in most digits, it uses the series. */
function shrink(x: number): number {
  if (Math.abs(x) > 0.05) return x - Math.tanh(x);
  const z = x * x;
  return x * z * (1 / 3 - z * (2 / 15 - z * (17 / 315 - z * (62 / 2835 - z * (1382 / 155925)))));
}
