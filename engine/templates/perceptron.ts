/** Separates two clusters of points by a straight line. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const perceptron: Template = {
  type: 'perceptron',
  icon: 'type-hierarchy-sub',
  describe: () => ({
    label: l10n.t('Perceptron'),
    detail: l10n.t('One layer that draws a straight line between two clusters of points.'),
  }),
  text: `{
  // Separates two clusters of points by a straight line. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "logits": { "type": "dense", "from": "point", "units": 2 }
  },
  "training": {
    "data": { "type": "points", "pattern": "clusters", "noise": 0 },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "sgd", "learningRate": 0.1 },
    "batchSize": 32,
    "epochs": 20,
    "seed": 1
  }
}
`,
};
