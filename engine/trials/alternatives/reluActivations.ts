/** ReLU instead of activations that are flat at both ends. */
import { squashersToRelu } from '../../diagnose/fixes.ts';
import { judged } from '../../diagnose/network.ts';
import { always, defineAlternative } from './define.ts';

export const reluActivations = defineAlternative({
  code: always('gradient/vanishing'),
  resort: 'together',

  changes(look) {
    const outputs = judged(look);
    return squashersToRelu(
      look,
      look.analysis.graph.layers.filter(({ name }) => !outputs.has(name)),
    );
  },
});
