/** Shared by the tests of the pure functions of the editor: a text, and the result of a gesture. */
import { analyze } from '../../engine/graph/analyze.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { Gesture } from '../../webview/model/gestures.ts';
import { type NetworkView, viewNetwork } from '../../webview/model/network.ts';

export const chain = `{
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "conv1": { "type": "conv2d", "from": "image", "filters": 8, "kernelSize": 3, "padding": "same" },
    "relu1": { "type": "relu", "from": "conv1" }, // the usual choice
    "flat": { "type": "flatten", "from": "relu1" },
    "logits": { "type": "dense", "from": "flat", "units": 10 }
  }
}
`;

/** A network in which two layers are read twice, with a skip connection and a merge of three layers. */
export const branches = `{
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [32, 32, 3] },
    "stem": { "type": "conv2d", "from": "image", "filters": 16, "kernelSize": 3, "padding": "same" },
    "left": { "type": "conv2d", "from": "stem", "filters": 16, "kernelSize": 3, "padding": "same" },
    "leftRelu": { "type": "relu", "from": "left" },
    "right": { "type": "conv2d", "from": "stem", "filters": 16, "kernelSize": 1 },
    "sum": { "type": "add", "from": ["leftRelu", "right", "stem"] }
  }
}
`;

/** A block that one layer repeats. */
export const withBlock = `{
  "format": 1,
  "blocks": {
    "pair": {
      "in": { "type": "blockInput" },
      "conv": { "type": "conv2d", "from": "in", "filters": 1, "kernelSize": 3, "padding": "same" }, // finds edges
      "relu": { "type": "relu", "from": "conv" },
      "out": { "type": "blockOutput", "from": "relu" }
    }
  },
  "layers": {
    "image": { "type": "input", "shape": [8, 8, 1] },
    "uses": { "type": "pair", "from": "image", "repeat": 2 },
    "flat": { "type": "flatten", "from": "uses" }
  }
}
`;

export const viewOf = (text: string): NetworkView => viewNetwork(text, 1, analyze(text));

export function textAfter(text: string, gesture: Gesture | undefined): string {
  if (!gesture) throw new Error('the gesture means nothing here');
  const outcome = applyEdit(text, gesture.edit);
  if ('problem' in outcome) throw new Error(outcome.problem);
  return applyChanges(text, outcome.changes);
}

/** "relu1 < conv1" for every input, in the order of the text. */
export const connectionsOf = ({ layers }: NetworkView): string[] =>
  layers.flatMap(({ name, from }) => from.map(({ layer }) => `${name} < ${layer}`));
