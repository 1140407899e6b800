/** LeNet-5 classifies eight generated shapes. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const lenet: Template = {
  type: 'lenet',
  icon: 'symbol-misc',
  describe: () => ({
    label: l10n.t('LeNet'),
    detail: l10n.t('The classic convolutional network, on eight generated shapes.'),
  }),
  text: `{
  // LeNet-5, with ReLU and maximum pooling, classifies eight generated shapes. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "conv1": { "type": "conv2d", "from": "image", "filters": 6, "kernelSize": 5, "padding": "same" },
    "relu1": { "type": "relu", "from": "conv1" },
    "pool1": { "type": "maxPool2d", "from": "relu1", "poolSize": 2 },
    "conv2": { "type": "conv2d", "from": "pool1", "filters": 16, "kernelSize": 5 },
    "relu2": { "type": "relu", "from": "conv2" },
    "pool2": { "type": "maxPool2d", "from": "relu2", "poolSize": 2 },
    "flat": { "type": "flatten", "from": "pool2" },
    "dense1": { "type": "dense", "from": "flat", "units": 120 },
    "relu3": { "type": "relu", "from": "dense1" },
    "dense2": { "type": "dense", "from": "relu3", "units": 84 },
    "relu4": { "type": "relu", "from": "dense2" },
    "logits": { "type": "dense", "from": "relu4", "units": 8 }
  },
  "training": {
    "data": { "type": "shapes", "classes": 8, "samples": 6000 },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 0.002 },
    "batchSize": 32,
    "epochs": 3,
    "seed": 1
  }
}
`,
};
