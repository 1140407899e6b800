/** The oracle's embeddings. */
import { runLayerCase } from './layerCase.ts';
import type { CaseRunner } from './oracle.ts';

export const runEmbeddingCase: CaseRunner = (oracleCase, precision, backend) => {
  const { num_embeddings, embedding_dim, padding_idx } = oracleCase.config;
  return runLayerCase(
    oracleCase,
    {
      type: 'embedding',
      attributes: {
        vocabularySize: num_embeddings,
        units: embedding_dim,
        ...(padding_idx === null ? {} : { paddingId: padding_idx }),
      },
      inputs: [{ tensor: 'indices' }],
      parameters: { kernel: { tensor: 'weight' } },
      output: {},
    },
    precision,
    backend,
  );
};
