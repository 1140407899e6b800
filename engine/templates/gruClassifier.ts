/** A GRU decides whether each bracket of a text has a partner. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const gruClassifier: Template = {
  type: 'gruClassifier',
  icon: 'pulse',
  describe: () => ({
    label: l10n.t('GRU classifier'),
    detail: l10n.t('Reads a text and says whether all its brackets are matched.'),
  }),
  text: `{
  // A GRU decides whether each bracket of a text has a partner. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "text": { "type": "input", "shape": [16] },
    "letters": { "type": "embedding", "from": "text", "vocabularySize": 8, "units": 8 },
    "memory": { "type": "gru", "from": "letters", "hiddenSize": 48 },
    "balanced": { "type": "dense", "from": "memory", "units": 2 }
  },
  "training": {
    "data": { "type": "brackets", "sequenceLength": 16, "samples": 8000 },
    "loss": { "type": "softmaxCrossEntropy", "from": "balanced" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "clipNorm": 1,
    "batchSize": 32,
    "epochs": 8,
    "seed": 1
  }
}
`,
};
