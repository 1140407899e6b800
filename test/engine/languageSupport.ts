/** Shared by the tests of language features: a text with a mark at the cursor. */

import { analyze } from '../../engine/graph/analyze.ts';
import { NetworkText } from '../../engine/language/networkText.ts';
import { applyChanges } from '../../engine/spec/edit.ts';

/** A text with the analysis of `before`, the last readable text, if the text is still being typed. */
export const networkOf = (text: string, before = text): NetworkText => new NetworkText(text, analyze(before));

/** Splits a text at the mark ‸. */
export function marked(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf('‸');
  return { text: text.replace('‸', ''), offset };
}

export const replaced = (
  text: string,
  range: { readonly start: number; readonly end: number },
  by: string,
): string => applyChanges(text, [{ offset: range.start, length: range.end - range.start, text: by }]);

/** The text of a snippet after it is inserted, with its placeholders unchanged. */
export const settled = (snippet: string): string =>
  snippet
    .replace(/\$\{\d+\|((?:\\.|[^,|\\])*)(?:,(?:\\.|[^|\\])*)?\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replace(/(^|[^\\])\$\d+/g, '$1')
    .replace(/\\([\\$},|])/g, '$1');

export const small = `{
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [8, 8, 1] },
    "conv1": { "type": "conv2d", "from": "image", "filters": 4, "kernelSize": 3 },
    "flat": { "type": "flatten", "from": "conv1" },
    "memory": { "type": "lstm", "from": "steps", "hiddenSize": 5 },
    "steps": { "type": "reshape", "from": "flat", "shape": [12, 12] },
    "copy": { "type": "dense", "from": "memory.hidden", "units": 3, "shares": "logits" },
    "logits": { "type": "dense", "from": "memory", "units": 3 }
  },
  "training": {
    "data": { "type": "shapes", "size": 8, "classes": 3 },
    "loss": [
      { "type": "softmaxCrossEntropy", "from": "logits" },
      { "type": "meanSquaredError", "from": "copy" }
    ],
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "metrics": ["accuracy"]
  },
  "layout": { "conv1": [0, 100] }
}
`;
