/** Dropout in so many layers, one after another, that hardly anything passes all of them. */
import * as l10n from '@vscode/l10n';
import type { TypedGraph, TypedLayer } from '../../graph/typed.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { together } from '../fixes.ts';
import { dropsOf, judged } from '../network.ts';
import { chain } from '../samples.ts';

export const stackedDropout = defineFinding({
  code: 'structure/dropoutTooHigh',
  title: 'Too many layers of dropout',
  doc: `Each layer with dropout removes a part of what the layers before it left. After several of them, a value reaches the output on few of its
paths, and the noise of all layers adds up. A rate that suits one layer is then too high.

The shares that remain are multiplied along the path that loses least, so a skip connection around a block counts as a path without its dropout.

**What helps:** rates of 0.1, or dropout before the last layer only.

Limits: 92 % lost along every path. Three layers of one half lose 87.5 %, four lose 93.75 %; VGG has two.`,
  needs: 'static',
  measures: () => l10n.t('Share of values that are dropped'),
  limits: { lost: 0.92 },

  find(look, { lost: most }) {
    const ends = judged(look);
    const paths = pathsIn(look.analysis.graph);
    return [...ends].flatMap((name) => {
      const path = paths.get(name) ?? whole;
      const layers = layersOn(path);
      const last = layers.at(-1);
      // A single one has a rule of its own.
      if (!last || layers.length < 2) return [];
      const lost = 1 - path.kept;
      return [
        {
          layer: last.name,
          severity: lost > most ? ('warning' as const) : undefined,
          evidence: { value: lost, limit: most },
          message: () =>
            l10n.t(
              'it is the last of {0} layers with dropout, which together drop {1} of what passes through them. Lower their rates to 0.1.',
              layers.length,
              formatShare(lost),
            ),
        },
      ];
    });
  },

  fixes(look, layer) {
    const paths = pathsIn(look.analysis.graph);
    const path = [...judged(look)].map((name) => paths.get(name)).find((one) => one?.last?.name === layer);
    if (!path) return [];
    const layers = layersOn(path);
    const edits = layers.flatMap((typed) =>
      dropsOf(typed).map(({ attribute }) => ({
        kind: 'setAttribute' as const,
        layer: typed.name,
        attribute,
        value: 0.1,
      })),
    );
    return [
      {
        title: l10n.t('Lower the dropout of {0} layers to {1}', layers.length, 0.1),
        edit: together(edits),
      },
    ];
  },

  samples: () => ({
    sick: [dropping(5)],
    nearMiss: dropping(3),
    healthy: [dropping(2)],
  }),
});

/** The share of values that passes, the last layer that drops values on the way, and the path before it. */
interface Path {
  readonly kept: number;
  readonly last?: TypedLayer;
  readonly before?: Path;
}

const whole: Path = { kept: 1 };

/** For each layer, the path from an input on which most is kept. */
function pathsIn({ layers }: TypedGraph): ReadonlyMap<string, Path> {
  const paths = new Map<string, Path>();
  for (const layer of layers) {
    const ways = layer.from.map((ref) => paths.get(ref.layer) ?? whole);
    const before = ways.reduce((one, other) => (other.kept > one.kept ? other : one), ways[0] ?? whole);
    const drops = layer.definition.category === 'regularization' ? dropsOf(layer) : [];
    const kept = drops.reduce((share, { rate }) => share * (1 - rate), before.kept);
    paths.set(layer.name, drops.length === 0 ? before : { kept, last: layer, before });
  }
  return paths;
}

/** The layers that drop values on a path, from the input on. */
function layersOn(path: Path): readonly TypedLayer[] {
  const layers: TypedLayer[] = [];
  for (let at: Path | undefined = path; at?.last; at = at.before) layers.push(at.last);
  return layers.toReversed();
}

/** Hidden layers with dropout of one half after each. */
function dropping(depth: number) {
  const layers = Array.from({ length: depth }, (_, index) => [
    [`dense${index + 1}`, { type: 'dense', units: 16 }],
    [`act${index + 1}`, { type: 'relu' }],
    [`drop${index + 1}`, { type: 'dropout', rate: 0.5 }],
  ]).flat();
  return chain([2], { ...Object.fromEntries(layers), logits: { type: 'dense', units: 2 } }, { epochs: 2 });
}
