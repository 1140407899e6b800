/** Texts with blocks, and checks of them. */
import { analyze } from '../../engine/graph/analyze.ts';
import { analysisInside, firstUses } from '../../engine/graph/inside.ts';
import { type Judged, judgedIn } from '../../engine/graph/makeBlock.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { Json } from '../../engine/schema/attributes.ts';

export type Layers = { readonly [name: string]: object };

export const residual: Layers = {
  x: { type: 'blockInput' },
  conv: { type: 'conv2d', from: 'x', filters: 2, kernelSize: 3, padding: 'same' },
  norm: { type: 'batchNorm', from: 'conv' },
  drop: { type: 'dropout', from: 'norm', rate: 0.2 },
  sum: { type: 'add', from: ['drop', 'x'] },
  y: { type: 'blockOutput', from: 'sum' },
};

export const image = { type: 'input', shape: [28, 28, 1] };

export const training = (from: string) => ({
  data: { type: 'shapes', samples: 12, testSamples: 6 },
  loss: { type: 'softmaxCrossEntropy', from },
  optimizer: 'adam',
});

/** The text with one line for each layer, as people write it. */
export const textOf = (
  layers: Layers,
  blocks?: { readonly [name: string]: Layers },
  rest: object = {},
): string => {
  const lines = (entries: Layers, indent: string) =>
    `{\n${Object.entries(entries)
      .map(([name, value]) => `${indent}  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')}\n${indent}}`;
  const sections = [
    ...(blocks
      ? [
          `  "blocks": {\n${Object.entries(blocks)
            .map(([name, body]) => `    ${JSON.stringify(name)}: ${lines(body, '    ')}`)
            .join(',\n')}\n  }`,
        ]
      : []),
    `  "layers": ${lines(layers, '  ')}`,
    ...Object.entries(rest).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`),
  ];
  return `{\n${sections.join(',\n')}\n}\n`;
};

export const problems = (text: string) =>
  analyze(text).diagnostics.map(({ code, message, path, range }) => ({
    code,
    message,
    path: path.join(' '),
    at: text.slice(range.start, range.end),
  }));

export const flat = (text: string) =>
  analyze(text).graph.layers.map(({ name, from, spec }) => {
    const shares = spec.common.shares === undefined ? '' : ` = ${spec.common.shares}`;
    return `${name}(${from.map(({ layer }) => layer).join()})${shares}`;
  });

export const tiny: Layers = {
  x: { type: 'blockInput' },
  d: { type: 'dense', from: 'x', units: 4 },
  r: { type: 'relu', from: 'd' },
  y: { type: 'blockOutput', from: 'r' },
};
export const vector = { type: 'input', shape: [4] };

/** Four layers one after another, without a block. */
export const chain = textOf({
  in: vector,
  a: { type: 'dense', from: 'in', units: 4 },
  b: { type: 'relu', from: 'a' },
  c: { type: 'dense', from: 'b', units: 4 },
  d: { type: 'relu', from: 'c' },
});

/** The network, or one of its blocks, as commands of the graph editor see it. */
export function scopeOf(text: string, within: string | undefined): Analysis {
  const whole = analyze(text);
  const block = whole.spec.blocks.get(within ?? '');
  return block
    ? analysisInside(whole, { block, prefix: firstUses(whole.graph).get(block.name) ?? '' })
    : whole;
}

/** The layers that losses judge, if they are those of the network. */
export const judgedBy = (whole: Analysis, within: string | undefined): readonly Judged[] =>
  within === undefined ? judgedIn(whole.trainingGiven as Json | undefined) : [];
