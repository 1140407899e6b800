/** Mistakes in one of several outputs. */
import { insertAfter } from '../../../engine/diagnose/fixes.ts';
import { firstOf, learnsLittle, type Operator, setting } from './define.ts';

export const outputOperators: readonly Operator[] = [
  {
    name: 'one of several losses counts a millionth',
    causes: [],
    symptoms: learnsLittle,
    mutate: ({ analysis: { spec } }) =>
      (spec.training?.losses.length ?? 0) > 1 ? setting(['loss', 0, 'weight'], 0.000001) : undefined,
  },
  {
    name: 'one of several outputs has only dead units before it',
    causes: ['relu/dead', 'gradient/vanishing'],
    symptoms: learnsLittle,
    mutate(look) {
      const { losses = [] } = look.analysis.spec.training ?? {};
      if (losses.length < 2) return undefined;
      const source = look.analysis.graph.byName.get(losses[0].from.layer)?.from[0]?.layer;
      return source === undefined
        ? undefined
        : firstOf(insertAfter(look, source, 'thresholdedRelu', { threshold: 1000 }));
    },
  },
];
