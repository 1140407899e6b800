/** An optimizer whose mean of gradients is longer than that of their squares. */
import * as l10n from '@vscode/l10n';
import type { TrainingSpec } from '../../spec/document.ts';
import { defineFinding } from '../define.ts';
import { setTraining, together } from '../fixes.ts';
import type { NetworkLook } from '../look.ts';
import { small } from '../samples.ts';

export const longMomentum = defineFinding({
  code: 'update/tooLarge',
  title: 'The mean of gradients is longer than that of their squares',
  doc: `Adam and its relatives divide a running mean of gradients (\`beta1\`) by the root of a running mean of their squares (\`beta2\`). The divisor bounds the
step only if it remembers large gradients at least as long as the mean does. Otherwise old gradients are divided by the small ones of today, and
steps can be far larger than the learning rate. The usual reason is that both numbers were interchanged.

**What helps:** the defaults, 0.9 and 0.999.

Limits: beta1² / √beta2 below 1, the condition of the [proof of Adam](https://arxiv.org/abs/1412.6980).`,
  needs: 'static',
  limits: { ratio: 1 },

  find({ analysis }, { ratio: most }) {
    const betas = betasOf(analysis.spec.training);
    if (!betas) return [];
    const [beta1, beta2] = betas;
    const ratio = beta1 ** 2 / Math.sqrt(beta2);
    return [
      {
        place: ['training', 'optimizer'],
        severity: ratio > most ? 'warning' : undefined,
        evidence: { value: ratio, limit: most },
        message: () =>
          l10n.t(
            'the running mean of gradients ("beta1": {0}) is longer than that of their squares ("beta2": {1}), so steps can be far larger than the learning rate. Use the defaults.',
            beta1,
            beta2,
          ),
      },
    ];
  },

  fixes: ({ analysis }: NetworkLook) =>
    betasOf(analysis.spec.training)
      ? [
          {
            title: l10n.t('Remove "beta1" and "beta2"'),
            edit: together(
              ['beta1', 'beta2'].map((name) => setTraining(['optimizer', name], undefined, name).edit),
            ),
          },
        ]
      : [],

  samples: () => ({
    sick: [moving(0.999, 0.9)],
    nearMiss: moving(0.95, 0.9),
    healthy: [moving(0.9, 0.999)],
  }),
});

/** Both weights of an optimizer that divides by the root of a mean, which needs an epsilon. */
function betasOf(training: TrainingSpec | undefined): [number, number] | undefined {
  const { beta1, beta2, epsilon } = training?.optimizer.attributes ?? {};
  return typeof beta1 === 'number' && typeof beta2 === 'number' && epsilon !== undefined
    ? [beta1, beta2]
    : undefined;
}

function moving(beta1: number, beta2: number) {
  return small('relu', { optimizer: { type: 'adam', learningRate: 0.003, beta1, beta2 }, epochs: 2 });
}
