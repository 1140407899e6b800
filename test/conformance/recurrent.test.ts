/** Recurrent layers and embeddings against PyTorch's numbers. */
import { runEmbeddingCase } from '../../engine/conformance/embedding.ts';
import { runRecurrentCase } from '../../engine/conformance/recurrent.ts';
import { checkOracleGroup } from './oracleGroup.ts';

checkOracleGroup({ file: 'recurrent.json', run: runRecurrentCase, unsupported: [] });

checkOracleGroup({ file: 'embedding.json', run: runEmbeddingCase, unsupported: [] });
