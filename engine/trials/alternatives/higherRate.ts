/** Longer steps. */
import { scaleLearningRate } from '../../diagnose/fixes.ts';
import { optimizers } from '../../optimizers/registry.ts';
import { defineAlternative } from './define.ts';

export const higherRate = defineAlternative({
  // With a learning rate that is not below the usual one, the run is too short rather than the steps. Where steps follow the gradient, no rate is usual.
  code({ analysis: { spec } }) {
    const { type, attributes } = spec.training!.optimizer;
    const { followsGradient, attributes: table } = optimizers.get(type);
    const usual = Number(table.learningRate?.default ?? 0);
    return followsGradient || Number(attributes.learningRate) < usual
      ? 'update/tooSmall'
      : 'fit/underfitting';
  },
  changes: (look) => [3, 10, 100].flatMap((factor) => scaleLearningRate(look, factor)),
});
