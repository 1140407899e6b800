/** A last layer that is wider than there are classes. */
import * as l10n from '@vscode/l10n';
import { counted } from '../../schema/text.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import { widths } from '../growth.ts';
import { classesOf, hasWeights, leadingTo, outputOf, targetsFor, widthOf } from '../network.ts';
import { chain, small } from '../samples.ts';

export const unusedOutputs = defineFinding({
  code: 'output/unused',
  title: 'More outputs than classes',
  doc: `The last layer has more outputs than the data has classes. No sample belongs to the extra outputs, so training only
pushes them down, and a softmax gives them a part of every prediction. Usually the number was copied from another network, or
classes are missing from the data. A few extra outputs cost little, so they are information; so are all where the next character of a text is
predicted, since an alphabet can have more characters than the text.

**What helps:** as many units in the last layer as there are classes.

Limit: from twice as many outputs as classes on, it is a warning. At first, a softmax then gives most of each prediction to outputs of no class.`,
  needs: 'data',
  limits: { many: 2 },

  find: (look, { many }) =>
    (look.analysis.spec.training?.losses ?? []).flatMap((loss, index): Sighting[] => {
      const output = outputOf(look, loss);
      const classes = classesOf(look, loss, index);
      // With a single class there is nothing to choose from, which has a finding of its own.
      if (!output || classes === undefined || classes < 2) return [];
      const outputs = widthOf(output);
      return [
        {
          layer: output.name,
          // An alphabet can be larger than one text, which lacks some of its characters.
          severity:
            outputs <= classes
              ? undefined
              : outputs < many * classes || targetsFor(look, loss, index)?.isNext
                ? 'info'
                : 'warning',
          evidence: { value: outputs, limit: classes },
          message: () =>
            l10n.t(
              'it has {0} outputs, but the data has {1}, so {2} of them can never be right. Give the last layer {3}.',
              outputs,
              counted(classes, 'classes'),
              outputs - classes,
              counted(classes, 'units'),
            ),
        },
      ];
    }),

  fixes(look, layer) {
    const { graph, spec } = look.analysis;
    const last = leadingTo(graph, new Set([layer ?? ''])).find(hasWeights);
    const width = widths.find((name) => last && Object.hasOwn(last.definition.attributes, name));
    if (!last || !width) return [];
    return (spec.training?.losses ?? []).flatMap((loss, index) => {
      const classes = loss.from.layer === layer ? classesOf(look, loss, index) : undefined;
      if (classes === undefined) return [];
      const title = l10n.t('Set "{0}" of "{1}" to {2}', width, last.name, classes);
      return [setAttribute(last.name, width, classes, title)];
    });
  },

  samples: () => ({
    sick: [
      chain([2], {
        dense1: { type: 'dense', units: 16 },
        act1: { type: 'relu' },
        logits: { type: 'dense', units: 5 },
      }),
    ],
    nearMiss: chain([2], {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      logits: { type: 'dense', units: 3 },
    }),
    healthy: [small('relu')],
  }),
});
