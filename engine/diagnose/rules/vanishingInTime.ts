/** A gradient that does not reach far back through time: early inputs cannot be learned from. */
import * as l10n from '@vscode/l10n';
import type { TypedLayer } from '../../graph/typed.ts';
import { gradThroughTime } from '../../layers/recurrent/statistics.ts';
import { layers } from '../../layers/registry.ts';
import type { Json } from '../../schema/attributes.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { valueIn } from '../../stats/define.ts';
import { defineFinding } from '../define.ts';
import {
  changeType,
  clipGradients,
  orthogonalRecurrence,
  type SpecFix,
  setAttribute,
  together,
} from '../fixes.ts';
import { lastCheck, type NetworkLook } from '../look.ts';
import { lossShareBehind } from '../lossShare.ts';
import { chain } from '../samples.ts';

export const vanishingInTime = defineFinding({
  code: 'time/vanishing',
  title: 'Gradient vanishes in time',
  doc: `Only the last steps of a sequence get a gradient: at the first ones it is a thousandth or less of that at the last. The network hardly learns from early
inputs. The effective memory is the number of steps that get at least 1 % of the last step's gradient.

This is reported where the loss is still near that of guessing: a task that needs no long memory is learned anyway.
A gradient that \`"truncate"\` cuts after less than half of the sequence is reported as information where the loss stays above a fiftieth of that of guessing.

Without \`"truncate"\`, the gradient reaches all steps. This costs neither memory nor time here: the states of all steps are kept in either case, and the backward pass takes every
step once. Where the gradient along the whole sequence explodes, a longer truncation keeps some of it: the first doubling that reaches half of the sequence.

**What helps:** a GRU or LSTM, whose state carries a gradient over hundreds of steps if its gates let it from the start: \`"memorySteps"\` lets its units begin by remembering for up to
that many steps ([Tallec and Ollivier, 2018](https://arxiv.org/abs/1804.11188)). A forget gate bias of 1 is enough for some ten steps. An orthogonal recurrent kernel and shorter sequences help, too.

Limits: a memory of less than half of the sequence, after 60 updates; [Bengio et al., 1994](https://doi.org/10.1109/72.279181) explain why it must shrink.`,
  needs: 'training',
  measures: () => l10n.t('Time steps that the gradient reaches'),
  when: 'epoch',
  limits: { memory: 0.5, ratio: 1e-3, loss: 0.85, steps: 20, updates: 60, cut: 0.02 },
  holds: 2,
  causes: [
    'update/tooSmall',
    'update/tooLarge',
    'time/exploding',
    'loss/diverging',
    'structure/nothingTrains',
    'regularization/tooStrong',
    'init/symmetric',
  ],

  find(look, { memory, ratio, loss, steps, updates, cut }) {
    const { stats, step } = lastCheck(look);
    // A gated layer also needs some time before it remembers.
    const isLate = step >= updates && (look.isLast || look.epochs.length >= look.training.epochs / 2);
    const isAtEnd = look.isLast || look.epochs.length >= look.training.epochs - 1;
    return look.analysis.graph.layers.flatMap((layer) => {
      const norms = valueIn(gradThroughTime, stats[layer.name] ?? {});
      const isCut = Number(layer.spec.attributes.truncate ?? 0) > 0 && norms?.[0] === 0;
      if (!norms || (norms.length < steps && !isCut) || layer.inferred.output.length > 1) return [];
      const last = norms[norms.length - 1];
      if (!(last > 0)) return [];
      const left = lossShareBehind(look, layer.name);
      const remembered = norms.filter((norm) => norm >= 0.01 * last).length;
      const isShort = remembered < memory * norms.length && norms[0] < ratio * last;
      return [
        {
          layer: layer.name,
          severity:
            isShort && isLate && left > loss
              ? ('warning' as const)
              : isShort && isCut && isAtEnd && left > cut
                ? ('info' as const)
                : undefined,
          evidence: { value: remembered, limit: Math.ceil(memory * norms.length) },
          message: () =>
            isCut
              ? l10n.t(
                  'its gradient reaches back {0} of {1} steps, because "truncate" cuts it, so the layer cannot learn from earlier ones. Remove "truncate", which saves neither memory nor time.',
                  remembered,
                  norms.length,
                )
              : remembersAll(layer)
                ? l10n.t(
                    'its gradient reaches back {0} of {1} steps, although the layer began by remembering them ("memorySteps"), so it cannot learn from earlier ones. Replace it with {2}, or use shorter sequences.',
                    remembered,
                    norms.length,
                    layers.get(gatedTypes.find((type) => type !== layer.spec.type)!).label,
                  )
                : layer.definition.isGated
                  ? l10n.t(
                      'its gradient reaches back {0} of {1} steps, so the layer cannot learn from earlier ones. Let it begin by remembering them with "memorySteps", or use shorter sequences.',
                      remembered,
                      norms.length,
                    )
                  : l10n.t(
                      'its gradient reaches back {0} of {1} steps, so the layer cannot learn from earlier ones. Use a GRU or LSTM that begins by remembering them, or shorter sequences.',
                      remembered,
                      norms.length,
                    ),
        },
      ];
    });
  },

  fixes(look, layer, { memory }) {
    const typed = layer === undefined ? undefined : look.analysis.graph.byName.get(layer);
    if (!typed || layer === undefined) return [];
    return [
      ...cutLater(typed, memory),
      ...rememberAll(look, typed),
      ...orthogonalRecurrence(look, layer),
      ...clipGradients(look, 1),
    ];
  },

  samples: () => ({
    sick: [adding('simpleRnn'), truncated(), adding('simpleRnn', 60, 2000)],
    nearMiss: adding('simpleRnn', 18, 1500),
    healthy: [adding('lstm')],
  }),
});

/** Whether it begins by remembering the whole sequence as it is. */
const remembersAll = ({ spec: { attributes }, inputShapes: [[steps]] }: TypedLayer): boolean =>
  Number(attributes.memorySteps ?? 0) >= steps;

/** A GRU first, which learns as well with fewer parameters. */
const gatedTypes = ['gru', 'lstm'] as const;

/** Gated layers whose biases let them begin by remembering the whole sequence, that of its own type first. */
function rememberAll(look: NetworkLook, typed: TypedLayer): SpecFix[] {
  const { name: layer, definition, spec, inputShapes } = typed;
  const [[steps]] = inputShapes;
  const types = gatedTypes.toSorted((one, other) => Number(other === spec.type) - Number(one === spec.type));
  const needed: { readonly [attribute: string]: Json | undefined } = {
    memorySteps: steps,
    // The gates start open by their bias, and no cut gradient reaches the steps that they remember.
    ...(spec.attributes.useBias === false ? { useBias: undefined } : {}),
    ...(spec.attributes.unitForgetBias === false ? { unitForgetBias: undefined } : {}),
    ...(Number(spec.attributes.truncate ?? 0) > 0 ? { truncate: undefined } : {}),
  };
  const edits = Object.entries(needed).map(
    ([attribute, value]): SpecEdit => ({ kind: 'setAttribute', layer, attribute, value }),
  );
  const others = remembersAll(typed) ? types.filter((type) => type !== spec.type) : types;
  return others.map((type) => ({
    title:
      type === spec.type
        ? l10n.t('Let "{0}" begin by remembering {1} steps', layer, steps)
        : l10n.t(
            'Replace {0} with {1} in "{2}", which begins by remembering {3} steps',
            definition.label,
            layers.get(type).label,
            layer,
            steps,
          ),
    edit: together([...changeType(look, layer, type).map(({ edit }) => edit), ...edits]),
  }));
}

/** A gradient that truncation does not cut, or cuts after so many steps that it reaches far enough. */
function cutLater(
  { name, spec: { attributes }, inputShapes: [[steps]] }: TypedLayer,
  memory: number,
): SpecFix[] {
  let truncate = Number(attributes.truncate ?? 0);
  if (!(truncate > 0)) return [];
  while (truncate < memory * steps) truncate *= 2;
  return [
    setAttribute(name, 'truncate', undefined, l10n.t('Remove "{0}"', 'truncate')),
    ...(truncate < steps
      ? [
          setAttribute(
            name,
            'truncate',
            truncate,
            l10n.t('Set "{0}" of "{1}" to {2}', 'truncate', name, truncate),
          ),
        ]
      : []),
  ];
}

/** Every step of a sequence gets only its own gradient. */
function truncated() {
  return chain(
    [8, 2],
    { memory: { type: 'gru', hiddenSize: 16, truncate: 1 }, sum: { type: 'dense', units: 1 } },
    {
      data: { type: 'adding', sequenceLength: 8, samples: 1500, testSamples: 200 },
      loss: { type: 'meanSquaredError', from: 'sum' },
      optimizer: { type: 'adam', learningRate: 0.005 },
      batchSize: 50,
      epochs: 6,
    },
  );
}

function adding(type: string, sequenceLength = 30, samples = 4000) {
  return chain(
    [sequenceLength, 2],
    { memory: { type, hiddenSize: 24 }, sum: { type: 'dense', units: 1 } },
    {
      data: { type: 'adding', sequenceLength, samples, testSamples: 200 },
      loss: { type: 'meanSquaredError', from: 'sum' },
      optimizer: { type: 'adam', learningRate: 0.01 },
      clipNorm: 1,
      batchSize: 50,
      epochs: 8,
    },
  );
}
