/** A bidirectional LSTM marks each bracket of a text that has no partner. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const tagger: Template = {
  type: 'tagger',
  icon: 'tag',
  describe: () => ({
    label: l10n.t('Bidirectional tagger'),
    detail: l10n.t('Marks each bracket that has no partner, reading in both directions.'),
  }),
  text: `{
  // A bidirectional LSTM marks each bracket of a text that has no partner. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "text": { "type": "input", "shape": [16] },
    "letters": { "type": "embedding", "from": "text", "vocabularySize": 8, "units": 8 },
    "memory": { "type": "lstm", "from": "letters", "hiddenSize": 32, "bidirectional": true, "returnSequences": true },
    "tags": { "type": "dense", "from": "memory", "units": 3 }
  },
  "training": {
    "data": { "type": "brackets", "target": "matched", "sequenceLength": 16 },
    "loss": { "type": "softmaxCrossEntropy", "from": "tags" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "clipNorm": 1,
    "batchSize": 32,
    "epochs": 8,
    "seed": 1
  }
}
`,
};
