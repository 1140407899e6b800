/** An LSTM that remembers two numbers of a sequence. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const adding: Template = {
  type: 'adding',
  icon: 'pulse',
  describe: () => ({
    label: l10n.t('Recurrent network'),
    detail: l10n.t('An LSTM remembers two numbers of a sequence and adds them.'),
  }),
  text: `{
  // Adds the two marked numbers of a sequence. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "sequence": { "type": "input", "shape": [50, 2] },
    "lstm1": { "type": "lstm", "from": "sequence", "hiddenSize": 32 },
    "prediction": { "type": "dense", "from": "lstm1", "units": 1 }
  },
  "training": {
    "data": { "type": "adding", "sequenceLength": 50 },
    "loss": { "type": "meanSquaredError", "from": "prediction" },
    "optimizer": { "type": "adam", "learningRate": 0.005 },
    "clipNorm": 1,
    "batchSize": 32,
    "epochs": 10,
    "seed": 1
  }
}
`,
};
