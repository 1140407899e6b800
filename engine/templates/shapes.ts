/** A small convolutional network that classifies images. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const shapes: Template = {
  type: 'shapes',
  icon: 'symbol-misc',
  describe: () => ({
    label: l10n.t('Convolutional network'),
    detail: l10n.t('Classifies circles, squares, triangles and crosses. Trains in seconds.'),
  }),
  text: `{
  // Classifies generated shapes. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "conv1": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 3, "padding": "same" },
    "relu1": { "type": "relu", "from": "conv1" },
    "pool1": { "type": "maxPool2d", "from": "relu1", "poolSize": 2 },
    "conv2": { "type": "conv2d", "from": "pool1", "filters": 16, "kernelSize": 3, "padding": "same" },
    "relu2": { "type": "relu", "from": "conv2" },
    "pool2": { "type": "maxPool2d", "from": "relu2", "poolSize": 2 },
    "flat": { "type": "flatten", "from": "pool2" },
    "logits": { "type": "dense", "from": "flat", "units": 4 }
  },
  "training": {
    "data": { "type": "shapes" },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 0.004 },
    "batchSize": 32,
    "epochs": 5,
    "seed": 1
  }
}
`,
};
