/** A small residual network classifies eight generated shapes. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const resnet: Template = {
  type: 'resnet',
  icon: 'git-merge',
  describe: () => ({
    label: l10n.t('Small ResNet'),
    detail: l10n.t('Two residual blocks with batch normalization, on eight generated shapes. Needs no data.'),
  }),
  text: `{
  // A small residual network classifies eight generated shapes. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "stem": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 3, "stride": 2, "padding": "same", "useBias": false },
    "stemNorm": { "type": "batchNorm", "from": "stem" },
    "stemRelu": { "type": "relu", "from": "stemNorm" },
    "conv1a": { "type": "conv2d", "from": "stemRelu", "filters": 8, "kernelSize": 3, "padding": "same", "useBias": false },
    "norm1a": { "type": "batchNorm", "from": "conv1a" },
    "relu1a": { "type": "relu", "from": "norm1a" },
    "conv1b": { "type": "conv2d", "from": "relu1a", "filters": 8, "kernelSize": 3, "padding": "same", "useBias": false },
    "norm1b": { "type": "batchNorm", "from": "conv1b" },
    "sum1": { "type": "add", "from": ["norm1b", "stemRelu"] },
    "relu1b": { "type": "relu", "from": "sum1" },
    "conv2a": { "type": "conv2d", "from": "relu1b", "filters": 8, "kernelSize": 3, "padding": "same", "useBias": false },
    "norm2a": { "type": "batchNorm", "from": "conv2a" },
    "relu2a": { "type": "relu", "from": "norm2a" },
    "conv2b": { "type": "conv2d", "from": "relu2a", "filters": 8, "kernelSize": 3, "padding": "same", "useBias": false },
    "norm2b": { "type": "batchNorm", "from": "conv2b" },
    "sum2": { "type": "add", "from": ["norm2b", "relu1b"] },
    "relu2b": { "type": "relu", "from": "sum2" },
    "mean": { "type": "globalAveragePool", "from": "relu2b" },
    "logits": { "type": "dense", "from": "mean", "units": 8 }
  },
  "training": {
    "data": { "type": "shapes", "classes": 8 },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "batchSize": 32,
    "epochs": 8,
    "seed": 1
  }
}
`,
};
