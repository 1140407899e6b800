/** A transformer of one block marks each bracket of a text that has no partner. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const transformer: Template = {
  type: 'transformer',
  icon: 'eye',
  describe: () => ({
    label: l10n.t('Small transformer'),
    detail: l10n.t('Self-attention marks each bracket that has no partner.'),
  }),
  text: `{
  // A transformer of one block marks each bracket of a text that has no partner. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "text": { "type": "input", "shape": [12] },
    "letters": { "type": "embedding", "from": "text", "vocabularySize": 8, "units": 32 },
    "places": { "type": "positionalEncoding", "from": "letters" },
    "attention": { "type": "multiHeadAttention", "from": "places", "heads": 4, "keySize": 8 },
    "sum1": { "type": "add", "from": ["places", "attention"] },
    "norm1": { "type": "layerNorm", "from": "sum1" },
    "wide": { "type": "dense", "from": "norm1", "units": 64 },
    "gelu1": { "type": "gelu", "from": "wide" },
    "narrow": { "type": "dense", "from": "gelu1", "units": 32 },
    "sum2": { "type": "add", "from": ["norm1", "narrow"] },
    "norm2": { "type": "layerNorm", "from": "sum2" },
    "tags": { "type": "dense", "from": "norm2", "units": 3 }
  },
  "training": {
    "data": { "type": "brackets", "target": "matched", "sequenceLength": 12, "samples": 8000 },
    "loss": { "type": "softmaxCrossEntropy", "from": "tags" },
    "optimizer": { "type": "adam", "learningRate": 0.003 },
    "batchSize": 32,
    "epochs": 10,
    "seed": 1
  }
}
`,
};
