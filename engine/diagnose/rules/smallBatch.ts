/** Batch statistics from so few samples that they are mostly noise. */
import * as l10n from '@vscode/l10n';
import { defineFinding } from '../define.ts';
import { changeType, together } from '../fixes.ts';
import { chain } from '../samples.ts';

export const smallBatch = defineFinding({
  code: 'batch/tooSmallForBatchNorm',
  title: 'Batch too small for batch normalization',
  doc: `Batch normalization computes the mean and standard deviation over the batch. With few samples these are mostly noise, and the running
statistics that evaluation uses do not match what training saw.

**What helps:** a batch of 16 or more, or layer normalization, which does not depend on other samples.

Limits: [Wu and He, 2018](https://arxiv.org/abs/1803.08494) report that the error of batch normalization grows below 16 and is large at 2.`,
  needs: 'static',
  limits: { samples: 4, values: 8 },

  find({ analysis: { graph, spec } }, { samples, values }) {
    const batch = spec.training?.batchSize;
    if (batch === undefined) return [];
    return graph.layers.flatMap(({ name, definition, inferred }) => {
      if (!definition.couplesBatch) return [];
      const counted = batch * (inferred.valuesPerStatistic ?? 1);
      return [
        {
          layer: name,
          severity: batch < samples || counted < values ? ('warning' as const) : undefined,
          evidence: batch < samples ? { value: batch, limit: samples } : { value: counted, limit: values },
          message: () =>
            l10n.t(
              'its mean and standard deviation are computed over a batch of {0}, so they are mostly noise. Raise "batchSize" to 16 or more, or use layerNorm.',
              batch,
            ),
        },
      ];
    });
  },

  fixes: (look, layer) => [
    {
      title: l10n.t('Set "batchSize" to {0}', 32),
      // A batch of this size needs no accumulation of gradients.
      edit: together([
        { kind: 'setTraining', path: ['batchSize'], value: 32 },
        ...((look.analysis.spec.training?.accumulate ?? 1) > 1
          ? [{ kind: 'setTraining' as const, path: ['accumulate'], value: undefined }]
          : []),
      ]),
    },
    ...(layer === undefined ? [] : changeType(look, layer, 'layerNorm')),
  ],

  samples: () => ({
    sick: [normalized(2)],
    nearMiss: normalized(8),
    healthy: [normalized(16)],
  }),
});

function normalized(batchSize: number) {
  return chain(
    [2],
    {
      dense1: { type: 'dense', units: 16, useBias: false },
      norm: { type: 'batchNorm' },
      act1: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    },
    { batchSize },
  );
}
