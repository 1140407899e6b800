/** An LSTM predicts the next character of texts with nested brackets. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const characterLstm: Template = {
  type: 'characterLstm',
  icon: 'symbol-string',
  describe: () => ({
    label: l10n.t('Character LSTM'),
    detail: l10n.t('Predicts each next character of a text with nested brackets.'),
  }),
  text: `{
  // An LSTM predicts the next character of texts with nested brackets. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "text": { "type": "input", "shape": [30] },
    "letters": { "type": "embedding", "from": "text", "vocabularySize": 8, "units": 8 },
    "memory": { "type": "lstm", "from": "letters", "hiddenSize": 48, "returnSequences": true },
    "next": { "type": "dense", "from": "memory", "units": 8 }
  },
  "training": {
    "data": { "type": "brackets", "target": "next", "sequenceLength": 30 },
    "loss": { "type": "softmaxCrossEntropy", "from": "next" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "clipNorm": 1,
    "batchSize": 32,
    "epochs": 6,
    "seed": 1
  }
}
`,
};
