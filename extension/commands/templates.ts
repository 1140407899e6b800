/** Networks to start from. Those that train bring generated data, so that they run with no file at hand. */
import * as vscode from 'vscode';

export interface Template {
  readonly label: string;
  readonly icon: string;
  readonly detail: string;
  /** Of the file, without its suffix. */
  readonly name: string;
  readonly text: string;
}

export function templates(): readonly Template[] {
  return [
    {
      label: vscode.l10n.t('Convolutional network'),
      icon: 'symbol-misc',
      detail: vscode.l10n.t(
        'Tells circles, squares, triangles and crosses apart. Trains in seconds, needs no data.',
      ),
      name: 'shapes',
      text: convolutional,
    },
    {
      label: vscode.l10n.t('Multilayer perceptron'),
      icon: 'type-hierarchy-sub',
      detail: vscode.l10n.t('Separates two interleaved spirals, which no straight line can. Needs no data.'),
      name: 'spiral',
      text: multilayer,
    },
    {
      label: vscode.l10n.t('Empty network'),
      icon: 'file',
      detail: vscode.l10n.t('A bare sheet: drag layers in, then say what to train on.'),
      name: 'network',
      text: empty,
    },
  ];
}

const convolutional = `{
  // Tells generated shapes apart. Run "Netloom: Train".
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
`;

const multilayer = `{
  // Separates two spirals. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "dense1": { "type": "dense", "from": "point", "units": 32 },
    "tanh1": { "type": "tanh", "from": "dense1" },
    "dense2": { "type": "dense", "from": "tanh1", "units": 32 },
    "tanh2": { "type": "tanh", "from": "dense2" },
    "logits": { "type": "dense", "from": "tanh2", "units": 2 }
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
`;

const empty = `{
  "format": 1,
  "layers": {}
}
`;
