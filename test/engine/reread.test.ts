/** After an edit, only a part of the text is read again. The result is the same as that of reading the whole text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/check.ts';
import { Bounds } from '../../engine/spec/bounds.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { type KnownText, reread } from '../../engine/spec/reread.ts';
import { sizeOf } from '../../engine/spec/size.ts';
import { forgetTexts } from '../../engine/spec/syntax.ts';
import { type Node, readTree } from '../../engine/spec/tree.ts';
import { image, residual, textOf, training } from './blockTexts.ts';
import { remove } from './editChecks.ts';
import { randomNetwork } from './randomNetworks.ts';

// A fixed seed, so that a failure is the same for everybody. A failing example prints how to replay it.
fc.configureGlobal({ seed: 20261129 });

const withBlocks = textOf(
  {
    image,
    stem: { type: 'conv2d', from: 'image', filters: 2, kernelSize: 3, padding: 'same' },
    res1: { type: 'residual', from: 'stem' },
    res2: { type: 'residual', from: 'res1', repeat: 2 },
    flat: { type: 'flatten', from: 'res2' },
    out: { type: 'dense', from: 'flat', units: 4 },
  },
  { residual },
  { training: training('out'), layout: { stem: [10, 20] } },
);
const withComments = withBlocks
  .replace('    "stem"', '    // The stem.\n    "stem"')
  .replace('\n    "flat"', ' // twice\n    /* flat */ "flat"');

/** Snippets that a person might type, half of them by mistake. */
const snippets = [
  ...['"', '{', '}', '[', ']', ',', ':', '\\', '/', '*', '//', '/*', '*/', '\n', ' ', '1', 'relu', '\ufeff'],
  ...['"from": "stem",', ', "units": 3', '"more": { "type": "relu", "from": "stem" },\n', '"image": {},'],
];

type Edit = (text: string) => string;

const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(500), fc.nat(1), fc.integer({ min: 0, max: 4 }), fc.constantFrom('', ...snippets)).map(
    ([which, behind, gone, added]): Edit =>
      (text) => {
        // Beside punctuation, where an edit may change the meaning of the text after it.
        const signs = [...text.matchAll(/[{}[\],:"\n]|\w\b/g)];
        const at = signs.length === 0 ? 0 : signs[which % signs.length].index + behind;
        return text.slice(0, at) + added + text.slice(at + gone);
      },
  ),
  fc.tuple(fc.nat(200), fc.constantFrom<readonly number[]>([], [0, 0], [1, 0])).map(
    ([at, order]): Edit =>
      (text) => {
        const lines = text.split('\n');
        const place = at % lines.length;
        const taken = lines.slice(place, place + 2);
        lines.splice(place, Math.min(1, taken.length), ...order.map((index) => taken[index] ?? ''));
        return lines.join('\n');
      },
  ),
  fc.nat(30).map(
    (at): Edit =>
      (text) => {
        const { spec } = diagnose(text);
        const layer = spec.layers[at % Math.max(1, spec.layers.length)];
        const result = layer && applyEdit(text, remove([layer.name], true));
        return result && 'changes' in result ? applyChanges(text, result.changes) : text;
      },
  ),
);

/** Texts in the order in which they are read. Some of them repeat an earlier one. */
const scripts = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(withBlocks, withComments),
      fc.nat(1000).map((seed) => randomNetwork(seed).text),
    ),
    fc.array(fc.tuple(edits, fc.boolean()), { minLength: 1, maxLength: 8 }),
  )
  .map(([first, steps]) => {
    const texts = [first];
    for (const [edit, undone] of steps) {
      const before = texts.at(-1)!;
      texts.push(edit(before));
      if (undone) texts.push(before);
    }
    return texts;
  });

const nodeOf = ({ type, offset, length, value, colonOffset, children }: Node): unknown => [
  ...[type, offset, length, value, colonOffset],
  children?.map(nodeOf),
];

const whole = (text: string): KnownText | undefined => {
  const bounds = new Bounds();
  const root = readTree(text, bounds);
  return root && { text, root, tokens: sizeOf(text).tokens, values: bounds.values };
};

test('a text that is read in part has the same tree and the same counts as when it is read completely', () => {
  let inPart = 0;
  fc.assert(
    fc.property(scripts, (texts) => {
      let before: KnownText | undefined;
      for (const text of texts) {
        const after = before && reread(before, text);
        const expected = whole(text);
        if (after) {
          inPart++;
          expect({ ...after, root: nodeOf(after.root) }).toEqual(
            expected && { ...expected, root: nodeOf(expected.root) },
          );
        }
        before = after ?? expected ?? before;
      }
    }),
    { numRuns: 120 },
  );
  expect(inPart).toBeGreaterThan(100);
});

/** The analysis as text, with kinds as their names. */
const analysed = (text: string): string =>
  JSON.stringify(diagnose(text), (key, part) => {
    if (key === 'kind' || key === 'definition') return part?.type;
    if (key === 'kinds') return part.types;
    return part instanceof Map ? [...part] : part;
  });

test('a text is analysed in the same way with and without knowledge of other texts', () => {
  fc.assert(
    fc.property(scripts, (texts) => {
      forgetTexts();
      const known = texts.map(analysed);
      for (const [index, text] of texts.entries()) {
        forgetTexts();
        expect(known[index]).toBe(analysed(text));
      }
    }),
    { numRuns: 30 },
  );
});

const chain = textOf({
  image,
  stem: { type: 'conv2d', from: 'image', filters: 2, kernelSize: 3, padding: 'same' },
  flat: { type: 'flatten', from: 'stem' },
  out: { type: 'dense', from: 'flat', units: 4 },
});

const layersOf = (text: string) => diagnose(text).graph.byName;

test('a layer that is as it was, with inputs of the same shape, is the same object wherever it is in the text', () => {
  const before = layersOf(chain);
  const commented = layersOf(chain.replace('    "stem"', '    // The first.\n    "stem"'));
  expect(commented.get('out')).toBe(before.get('out'));
  const after = layersOf(chain.replace('"kernelSize":3', '"kernelSize":5'));
  expect(after.get('stem')).not.toBe(before.get('stem'));
  expect(after.get('flat')).toBe(before.get('flat'));
});

test('a layer that reads another shape than before is inferred again', () => {
  expect(layersOf(chain).get('out')!.inferred.parameters!.kernel.shape).toEqual([1568, 4]);
  const halved = layersOf(chain.replace('[28,28,1]', '[14,28,1]'));
  expect(halved.get('out')!.inferred.parameters!.kernel.shape).toEqual([784, 4]);
});
