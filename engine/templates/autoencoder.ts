/** An autoencoder compresses generated images to 16 numbers and reconstructs them. */
import * as l10n from '@vscode/l10n';
import type { Template } from './define.ts';

export const autoencoder: Template = {
  type: 'autoencoder',
  icon: 'fold',
  describe: () => ({
    label: l10n.t('Autoencoder'),
    detail: l10n.t('Compresses images to 16 numbers and reconstructs them.'),
  }),
  text: `{
  // An autoencoder compresses generated images to 16 numbers and reconstructs them. Run "Netloom: Train".
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [16, 16, 1] },
    "pixels": { "type": "flatten", "from": "image" },
    "encode": { "type": "dense", "from": "pixels", "units": 64 },
    "relu1": { "type": "relu", "from": "encode" },
    "code": { "type": "dense", "from": "relu1", "units": 16 },
    "decode": { "type": "dense", "from": "code", "units": 64 },
    "relu2": { "type": "relu", "from": "decode" },
    "drawn": { "type": "dense", "from": "relu2", "units": 256 },
    "picture": { "type": "reshape", "from": "drawn", "shape": [16, 16, 1] }
  },
  "training": {
    "data": { "type": "shapes", "size": 16, "target": "image" },
    "loss": { "type": "meanSquaredError", "from": "picture" },
    "optimizer": { "type": "adam", "learningRate": 0.002 },
    "batchSize": 32,
    "epochs": 10,
    "seed": 1
  }
}
`,
};
