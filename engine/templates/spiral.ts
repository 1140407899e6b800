/** A multilayer perceptron that classifies points. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const spiral: Template = {
  type: 'spiral',
  icon: 'type-hierarchy-sub',
  describe: () => ({
    label: l10n.t('Multilayer perceptron'),
    detail: l10n.t('Separates two interleaved spirals, which no straight line can.'),
  }),
  text: `{
  // Separates two spirals. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "dense1": { "type": "dense", "from": "point", "units": 32 },
    "relu1": { "type": "relu", "from": "dense1" },
    "dense2": { "type": "dense", "from": "relu1", "units": 32 },
    "relu2": { "type": "relu", "from": "dense2" },
    "logits": { "type": "dense", "from": "relu2", "units": 2 }
  },
  "training": {
    "data": { "type": "points", "pattern": "spiral" },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "batchSize": 32,
    "epochs": 60,
    "seed": 1
  }
}
`,
};
