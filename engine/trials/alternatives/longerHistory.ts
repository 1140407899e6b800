/** More values of a series before the one that is predicted: a window that is shorter than what repeats does not show it. */
import * as l10n from '@vscode/l10n';
import { setTraining, together } from '../../diagnose/fixes.ts';
import { inputLayers } from '../../graph/inputs.ts';
import { always, defineAlternative } from './define.ts';

/** Times as many values. */
const longer = 4;
/** A window has at most this many values for each training sample. */
const mostOfData = 0.1;

export const longerHistory = defineAlternative({
  code: always('fit/underfitting'),

  changes({ analysis: { spec, graph }, trainSamples = 0 }) {
    const window = spec.training?.data.attributes.window;
    const [input] = inputLayers(graph);
    const shape = input?.inferred.output;
    if (typeof window !== 'number' || shape?.[0] !== window) return [];
    const values = longer * window;
    if (values > mostOfData * trainSamples) return [];
    const title = l10n.t('Set "{0}" to {1}', 'window', values);
    const { edit } = setTraining(['data', 'window'], values, title);
    const wide = [values, ...shape.slice(1)];
    return [
      {
        title,
        edit: together([edit, { kind: 'setAttribute', layer: input.name, attribute: 'shape', value: wide }]),
      },
    ];
  },
});
