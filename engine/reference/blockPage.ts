/** The reference page of blocks: how they are defined, used, repeated and shared. */
import { deepest, mostLayers } from '../graph/blocks.ts';
import { blockPorts, useAttributes } from '../spec/blockKinds.ts';
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
is a *use* of the block: the layers of the block stand in its place.`,
    `\`\`\`jsonc\n${exampleOfBlocks}\n\`\`\``,
    '## Define a block',
    `A block is written like \`"layers"\`, with more types for what goes in and out, and for what its uses may set:`,
    blockPorts.map(({ type, doc }) => `- \`${type}\`: ${doc}`).join('\n'),
    `- A block needs at least one input and one output. A use reads as many layers as the block has inputs, in the order of the text.
- The name of a block follows the rules for [layer names](README.md#layers), and is not the name of a layer type.
- Layers of a block read layers of the same block only. Data enter the network, so \`input\` layers do not stand in a block.
- A block may use other blocks, up to ${deepest} levels deep, but not itself. All blocks together give at most ${mostLayers} layers.`,
    `## Parameters

One block serves different widths: it declares a \`blockParameter\`, its layers name it in the place of a value, and each use may set it
like an attribute. Above, \`wide\` has 16 filters and all others have 8.

- A parameter is the whole value of an attribute: \`"$filters"\`, not a part of a list or of an expression. Uses within a block may hand on
  a parameter of their own: \`"filters": "$width"\`.
- A use reads a value as the attribute that the block first names the parameter for, so completion, hover and messages know what is
  expected. Where it does not fit another layer of the block, the problem is reported at the use.
- What decides how layers are connected and how many there are cannot be left open: \`type\`, \`from\`, \`shares\`, \`bypass\`, \`repeat\` and \`tied\`.`,
    '## Use a block',
    'Beside `type`, `from`, the [common attributes](README.md#common-attributes-of-layers) and the parameters of its block, a use takes:',
    attributeTable(useAttributes),
    `- **Own parameters.** Each use, and each copy of a repeated use, has parameters of its own.
- **Shared parameters.** \`"shares": "first"\` uses those of another use of the same block, copy by copy; both then have the same
  \`repeat\`. \`"tied": true\` uses those of the first copy for all copies of a use.
- \`"trainable": false\` freezes all layers inside, \`l1\` and \`l2\` hold for those that do not say their own, and \`"bypass": true\`
  passes the first input on in place of the whole block.`,
    '## Names, statistics and weights',
    `Layers inside a use are named after it: \`first/conv\`, and \`stages/2/conv\` for the second copy of a repeated use. Statistics,
findings, events and weight files use these names. A problem of a layer inside a block is reported once, at the definition;
where it depends on the use, the message names the first use it was found in.

The first values of parameters, and random draws such as those of dropout, depend on the seed and the name of the layer, with \`_\`
for each \`/\`. The same network written without blocks, with names such as \`stages_2_conv\`, therefore trains to the same bits.
Where both names are present in one network, this is an error.`,
  )}\n`;
