/** No activation before a loss that compares scores or values. */
import { removeLayer } from '../../diagnose/fixes.ts';
import { outputOf } from '../../diagnose/network.ts';
import { losses } from '../../losses/registry.ts';
import { always, defineAlternative } from './define.ts';

export const plainOutput = defineAlternative({
  code: always('output/lossMismatch'),
  changes: (look) =>
    (look.analysis.spec.training?.losses ?? []).flatMap((loss) => {
      const output = outputOf(look, loss);
      const { predictions } = losses.get(loss.type).reads(loss.attributes);
      const isPlain = predictions === 'scores' || predictions === 'values';
      return output?.definition.category === 'activation' && isPlain ? removeLayer(look, output.name) : [];
    }),
});
