/** Recurrent layers and embeddings against PyTorch's numbers. */
import { runPytorchCase } from '../../engine/conformance/pytorch.ts';
import { runRecurrentCase } from '../../engine/conformance/recurrent.ts';
import { checkOracleGroup } from './oracleGroup.ts';

checkOracleGroup({ file: 'recurrent.json', run: runRecurrentCase, unsupported: [] });

checkOracleGroup({ file: 'embedding.json', run: runPytorchCase, unsupported: [] });
