/** A layer that reads later time steps, in a network that must predict them. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../../schema/attributes.ts';
import { defineFinding } from '../define.ts';
import { setAttribute } from '../fixes.ts';
import type { DataLook } from '../look.ts';
import { leadingTo, outputOf, targetsFor } from '../network.ts';
import { chain } from '../samples.ts';

const both = { type: 'gru', hiddenSize: 16, returnSequences: true, bidirectional: true };

export const seesFuture = defineFinding({
  code: 'structure/seesFuture',
  title: 'The network sees what it is to predict',
  doc: `At each time step the target is the input of the next step, and a layer reads later steps: attention that is not causal, a recurrent
layer in both directions, a convolution padded on both sides. The network only has to copy the answer. Its score is nearly perfect, and
it predicts nothing where the next step is not known yet.

**What helps:** \`"causal": true\`, \`"padding": "causal"\`, one direction.`,
  needs: 'data',
  flattersLoss: true,
  limits: {},

  find: (look) =>
    layersAhead(look).map(({ name, spec }) => ({
      layer: name,
      severity: 'warning' as const,
      evidence: { value: 1, limit: 0 },
      message: () =>
        l10n.t(
          'each target is the input of the next time step, and this {0} reads later steps, so it only has to copy the answer. Let it read earlier steps only.',
          spec.type,
        ),
    })),

  fixes: (look, layer) =>
    layersAhead(look)
      .filter(({ name }) => name === layer)
      .flatMap(({ name, definition, spec }) => {
        const change = definition.seesAhead?.(spec.attributes);
        if (!change) return [];
        const { attribute, value } = change;
        const title =
          value === undefined
            ? l10n.t('Remove "{0}" of "{1}"', attribute, name)
            : l10n.t('Set "{0}" of "{1}" to {2}', attribute, name, String(value));
        return [setAttribute(name, attribute, value, title)];
      }),

  samples: () => ({
    sick: [reading('next', 8, both)],
    // Which brackets match is known only later.
    nearMiss: reading('matched', 3, both),
    healthy: [reading('next', 8, { type: 'gru', hiddenSize: 16, returnSequences: true })],
  }),
});

/** The layers on the way to a prediction of the next step whose outputs depend on later steps. */
function layersAhead(look: DataLook) {
  const { graph, spec } = look.analysis;
  const outputs = (spec.training?.losses ?? []).flatMap((loss, index) => {
    const output = outputOf(look, loss);
    return output && targetsFor(look, loss, index)?.isNext ? [output.name] : [];
  });
  return leadingTo(graph, new Set(outputs))
    .toReversed()
    .filter(({ definition, spec }) => definition.seesAhead?.(spec.attributes) !== undefined);
}

function reading(
  target: string,
  units: number,
  memory: { readonly type: string; readonly [attribute: string]: Json },
) {
  return chain(
    [12],
    {
      letters: { type: 'embedding', vocabularySize: 8, units: 8 },
      memory,
      logits: { type: 'dense', units },
    },
    {
      data: { type: 'brackets', target, sequenceLength: 12, samples: 400, testSamples: 100 },
      optimizer: { type: 'adam', learningRate: 0.01 },
      epochs: 5,
    },
  );
}
