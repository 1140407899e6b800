/** Skip connections around the layers of a deep network. */

import { mixesInputs } from '../../diagnose/network.ts';
import { addResidualLinks } from '../../diagnose/residual.ts';
import { inputLayers } from '../../graph/inputs.ts';
import { always, defineAlternative } from './define.ts';

/** Layers with weights from which on a network is deep. */
const deep = 5;

export const skipConnections = defineAlternative({
  code: always('gradient/vanishing'),

  changes(look) {
    const { graph } = look.analysis;
    const [input, ...others] = inputLayers(graph);
    return input && others.length === 0 && graph.layers.filter(mixesInputs).length >= deep
      ? addResidualLinks(look, input.name)
      : [];
  },
});
