/** The reference's first page: the format of a `*.nn.json` file. */
import { formatVersion } from '../spec/document.ts';
import { commonLayerAttributes, fromAttribute } from '../spec/layerAttributes.ts';
import { maximumNameLength } from '../spec/reference.ts';
import { commonLossAttributes, trainingAttributes } from '../spec/training.ts';
import { attributeTable } from './attributes.ts';
import { blocks, generatedNote } from './kinds.ts';

/** Valid as it is, which a test checks. */
export const exampleNetwork = `{
  "format": ${formatVersion},
  "layers": {
    // One line a layer: its name, its type, what it reads, its attributes.
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
| \`training\` | What the network is [trained](#training) on, for what, and how. Without it the network can be drawn and checked. |
| \`layout\` | Positions in the graph, \`"name": [x, y]\`. Written when you drag a layer; layers without one are placed automatically. |
| \`$schema\` | Allowed and ignored; Netloom brings its own completion and checks. |`,
    '## Layers',
    `\`"name": { "type": "…", "from": "…", … }\`. Every type with its attributes: **[layers](layers.md)**.`,
    `- **name**: letters, digits, \`_\` and \`-\`, at most ${maximumNameLength} characters.
- **order** is free: a layer may read one that stands below it. Cycles are not allowed.
- **activations are layers**: a dense layer computes no activation; put \`relu\` after it.
- **branches and skips**: any number of layers may read the same one, and merging layers read several.
- **further outputs** of a layer, such as the final state of a recurrent one, are named \`"layer.output"\`: \`"from": ["words", "encoder.hidden"]\`.`,
    '### Common attributes of layers',
    'Beside `type` and the attributes of that type:',
    attributeTable({ from: fromAttribute, ...commonLayerAttributes }),
    '## Training',
    attributeTable(trainingAttributes, {
      loss: 'a [loss](losses.md), or a list of them',
      metrics: 'list of [metrics](metrics.md)',
    }),
    `Where a kind needs no attributes of its own its name alone will do: \`"optimizer": "adam"\`.
Kinds: [datasets](datasets.md) · [losses](losses.md) · [optimizers](optimizers.md) · [schedules](schedules.md) · [metrics](metrics.md) · [initializers](initializers.md).

What is measured of each layer meanwhile: [statistics](statistics.md).`,
    '### Losses',
    'Beside `type` and the attributes of that type a loss takes:',
    attributeTable(commonLossAttributes),
    `Input layers take the fields of the dataset of the same name, others by their order in the file.`,
  )}\n`;
