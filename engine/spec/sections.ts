/** Purposes of the sections of a network file, for completion, hover and the JSON schema. */
import { groupedDigits } from '../schema/text.ts';
import { farthestPosition } from './document.ts';

export const sectionDocs = {
  $schema: 'Address of a JSON schema, for editors that look for one. Netloom does not read it.',
  format: 'Version of this file format.',
  blocks:
    'Groups of layers by name, defined once. A layer whose "type" is the name of a block puts its layers in that place.',
  block:
    'The layers of the block by name, one a line. "blockInput" is what a use reads, "blockOutput" what it gives.',
  layers: 'The layers of the network by name, one a line. "from" names the layers whose outputs it reads.',
  training: 'What the network is trained on, for what, and how.',
  layout: `Positions in the graph, [x, y], at most ${groupedDigits(farthestPosition)} from zero. Layers without one are placed automatically.`,
} as const;
