/** A small residual network classifies eight generated shapes. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const resnet: Template = {
  type: 'resnet',
  icon: 'git-merge',
  describe: () => ({
    label: l10n.t('Small ResNet'),
    detail: l10n.t('A residual block that is used twice, on eight generated shapes.'),
  }),
  text: `{
  // A small residual network classifies eight generated shapes. Run "Netloom: Train".
  "format": 1,
  "blocks": {
    // Two convolutions whose result is added to what they read.
    "residual": {
      "input": { "type": "blockInput" },
      "filters": { "type": "blockParameter", "default": 8 },
      "conv1": { "type": "conv2d", "from": "input", "filters": "$filters", "kernelSize": 3, "padding": "same", "useBias": false },
      "norm1": { "type": "batchNorm", "from": "conv1" },
      "relu1": { "type": "relu", "from": "norm1" },
      "conv2": { "type": "conv2d", "from": "relu1", "filters": "$filters", "kernelSize": 3, "padding": "same", "useBias": false },
      "norm2": { "type": "batchNorm", "from": "conv2" },
      "sum": { "type": "add", "from": ["norm2", "input"] },
      "relu2": { "type": "relu", "from": "sum" },
      "output": { "type": "blockOutput", "from": "relu2" }
    }
  },
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "stem": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 3, "stride": 2, "padding": "same", "useBias": false },
    "norm": { "type": "batchNorm", "from": "stem" },
    "relu": { "type": "relu", "from": "norm" },
    "narrow": { "type": "residual", "from": "relu" },
    "widen": { "type": "conv2d", "from": "narrow", "filters": 16, "kernelSize": 3, "stride": 2, "padding": "same" },
    "widened": { "type": "relu", "from": "widen" },
    "wide": { "type": "residual", "from": "widened", "filters": 16 },
    "mean": { "type": "globalAveragePool", "from": "wide" },
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
