/** The reference page of blocks: how they are defined, used, repeated and shared. */
import { mostLayers } from '../graph/blocks.ts';
import { blockPorts, useAttributes } from '../spec/blockKinds.ts';
import { deepest } from '../spec/reference.ts';
import { attributeTable } from './attributes.ts';
import { blocks, generatedNote } from './kinds.ts';

/** Valid as it is, which a test checks. */
export const exampleOfBlocks = `{
  "format": 1,
  "blocks": {
    "residual": {
      "input": { "type": "blockInput" },
      "filters": { "type": "blockParameter", "default": 8 },
      "conv": { "type": "conv2d", "from": "input", "filters": "$filters", "kernelSize": 3, "padding": "same" },
      "relu": { "type": "relu", "from": "conv" },
      "sum": { "type": "add", "from": ["relu", "input"] },
      "output": { "type": "blockOutput", "from": "sum" }
    }
  },
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 8] },
    "first": { "type": "residual", "from": "image" },
    "stages": { "type": "residual", "from": "first", "repeat": 3 },
    "again": { "type": "residual", "from": "stages", "shares": "first" },
    "widen": { "type": "conv2d", "from": "again", "filters": 16, "kernelSize": 1 },
    "wide": { "type": "residual", "from": "widen", "filters": 16 },
    "mean": { "type": "globalAveragePool", "from": "wide" }
  }
}`;

export const blockPage = (): string =>
  `${blocks(
    generatedNote,
    '# Blocks',
    `A block is a group of layers that is defined once, under \`"blocks"\`, and used by name. A layer whose \`type\` is the name of a block
is a *use* of the block: the layers of the block replace it.`,
    `\`\`\`jsonc\n${exampleOfBlocks}\n\`\`\``,
    '## Define a block',
    `A block is written like \`"layers"\`, with additional types for its inputs, its outputs and its parameters:`,
    blockPorts.map(({ type, doc }) => `- \`${type}\`: ${doc}`).join('\n'),
    `- A block needs at least one input and one output. A use reads as many layers as the block has inputs, in the order of the text.
- The name of a block follows the rules for [layer names](README.md#layers), and must not be the name of a layer type.
- Layers of a block read layers of the same block only. Data enter the network outside blocks, so a block has no \`input\` layers.
- A block may use other blocks, up to ${deepest} levels deep, but not itself. All blocks together expand to at most ${mostLayers} layers.`,
    `## Parameters

One block can have different widths. It declares a \`blockParameter\`, its layers name the parameter instead of a value, and each use may set it
like an attribute. In the example, \`wide\` has 16 filters and all others have 8.

- A parameter is the whole value of an attribute: \`"$filters"\`, not a part of a list or of an expression. Within a block, a use of another block
  may pass on a parameter: \`"filters": "$width"\`.
- A parameter has the type of the attribute for which the block first names it, so completion, hover and messages know what is
  expected. If a value does not fit another layer of the block, the problem is reported at the use.
- Attributes that determine the number of layers and their connections cannot be parameters: \`type\`, \`from\`, \`shares\`, \`bypass\`, \`repeat\` and \`tied\`.`,
    '## Use a block',
    'In addition to `type`, `from`, the [common attributes](README.md#common-attributes-of-layers) and the parameters of its block, a use has these attributes:',
    attributeTable(useAttributes),
    `- **Separate weights.** Each use, and each copy of a repeated use, has its own trained parameters.
- **Shared weights.** With \`"shares": "first"\`, a use has the trained parameters of another use of the same block, copy by copy. Both must
  have the same \`repeat\`. With \`"tied": true\`, all copies of a use have those of the first copy.
- \`"trainable": false\` freezes all layers inside. \`l1\` and \`l2\` apply to the layers that do not set them. \`"bypass": true\`
  passes the first input on instead of the whole block.`,
    '## Names, statistics and weights',
    `Layers inside a use are named after it: \`first/conv\`, and \`stages/2/conv\` for the second copy of a repeated use. Statistics,
findings, events and weight files use these names. A problem of a layer inside a block is reported once, at the definition.
If it depends on the use, the message names the first use that has it.

The initial values of parameters, and random draws such as those of dropout, depend on the seed and the name of the layer, with \`_\`
for each \`/\`. So the same network written without blocks, with names such as \`stages_2_conv\`, trains to the same bits.
It is an error if both names occur in one network.`,
  )}\n`;
