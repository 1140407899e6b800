/** The reference's first page: the format of a `*.nn.json` file. */
import { groupedDigits } from '../schema/text.ts';
import { farthestPosition, formatVersion } from '../spec/document.ts';
import { commonLayerAttributes, fromAttribute } from '../spec/layerAttributes.ts';
import { maximumNameLength } from '../spec/reference.ts';
import { commonLossAttributes, trainingAttributes } from '../spec/training.ts';
import { attributeTable } from './attributes.ts';
import { blocks, generatedNote } from './kinds.ts';

/** Valid as it is, which a test checks. */
export const exampleNetwork = `{
  "format": ${formatVersion},
  "layers": {
    // One line for each layer: its name, its type, its inputs, its attributes.
    "image": { "type": "input", "shape": [28, 28, 1] },
    "conv1": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 3, "padding": "same" },
    "relu1": { "type": "relu", "from": "conv1" },
    "pool1": { "type": "maxPool2d", "from": "relu1" },
    "flat": { "type": "flatten", "from": "pool1" },
    "logits": { "type": "dense", "from": "flat", "units": 4 }
  },
  "training": {
    "data": { "type": "shapes" },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 0.002 }
  },
  "layout": { "image": [0, 0], "conv1": [200, 0] }
}`;

export const formatPage = (): string =>
  `${blocks(
    generatedNote,
    '# The network file',
    `A network is one text file, \`NAME.nn.json\`: JSON in which comments and trailing commas are allowed. The graph editor and the
text editor show the same file; \`netloom check FILE\` reports what is wrong with it.`,
    `\`\`\`jsonc\n${exampleNetwork}\n\`\`\``,
    `| key | meaning |
| --- | --- |
| \`format\` | Version of this format: ${formatVersion}. May be left out. |
| \`blocks\` | [Blocks](blocks.md): groups of layers that are defined once and used by name. |
| \`layers\` | **required**. The [layers](#layers) by name. |
| \`training\` | How the network is [trained](#training): data, loss and optimizer. Without it the network can be drawn and checked. |
| \`layout\` | Positions in the graph, \`"name": [x, y]\`, at most ${groupedDigits(farthestPosition)} from zero. Dragging a layer writes its position; layers without one are placed automatically. |
| \`$schema\` | Allowed and ignored. Netloom has its own completion and checks. |`,
    '## Layers',
    `\`"name": { "type": "…", "from": "…", … }\`. Every type with its attributes: **[layers](layers.md)**.`,
    `- **name**: letters, digits, \`_\` and \`-\`, at most ${maximumNameLength} characters.
- **order**: any. A layer may read one that comes later in the text. Cycles are not allowed.
- **activations** are layers: a dense layer computes no activation, so put \`relu\` after it.
- **branches and skips**: any number of layers may read the same layer, and merging layers read several.
- **further outputs** of a layer, such as the final state of a recurrent one, are named \`"layer.output"\`: \`"from": ["words", "encoder.hidden"]\`.`,
    '### Common attributes of layers',
    'In addition to `type` and the attributes of that type:',
    attributeTable({ from: fromAttribute, ...commonLayerAttributes }),
    '## Training',
    attributeTable(trainingAttributes, {
      loss: 'a [loss](losses.md), or a list of them',
      metrics: 'list of [metrics](metrics.md)',
    }),
    `A kind without further attributes can be written as its name alone: \`"optimizer": "adam"\`.
Kinds: [datasets](datasets.md) · [losses](losses.md) · [optimizers](optimizers.md) · [schedules](schedules.md) · [metrics](metrics.md) · [initializers](initializers.md).

[Statistics](statistics.md) lists what is measured in each layer during training.`,
    '### Losses',
    'In addition to `type` and the attributes of that type, a loss has:',
    attributeTable(commonLossAttributes),
    `An input layer reads the field of the dataset with the same name. Other input layers read fields in the order of the file.`,
  )}\n`;
