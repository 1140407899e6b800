/** Completion at every kind of place in the text, also while a text is being typed. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { type Completion, completionsAt } from '../../engine/language/completion.ts';
import { layers } from '../../engine/layers/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { parse } from '../../engine/spec/parse.ts';
import { marked, networkOf, replaced, settled, small } from './languageSupport.ts';

function at(text: string): readonly Completion[] {
  const found = marked(text);
  return completionsAt(networkOf(found.text, small), found.offset);
}

const labels = (text: string) => at(text).map(({ label }) => label);

/** The text after one of the suggestions is accepted unchanged. */
function taken(text: string, label: string): string {
  const found = marked(text);
  const one = at(text).find((suggestion) => suggestion.label === label);
  if (!one) throw new Error(`${label} is not among ${labels(text).join(', ')}`);
  return replaced(found.text, one.range, settled(one.insert));
}

const inLayer = (attributes: string) => small.replace('"filters": 4, "kernelSize": 3', attributes);

describe('completion of keys', () => {
  test('offers the sections that are not there yet', () => {
    expect(labels(small.replace('"format": 1,', '‸'))).toEqual(['format', 'blocks', '$schema']);
  });

  test('offers the attributes of the type, those that are needed first, and none that is there', () => {
    const found = labels(inLayer('"kernelSize": 3, ‸'));
    expect(found[0]).toBe('filters');
    expect(found).toContain('padding');
    expect(found).toContain('trainable');
    expect(found).not.toContain('kernelSize');
    expect(found).not.toContain('type');
  });

  test('offers the rest of a name that is being typed, with and without quotes', () => {
    for (const typed of ['pad‸', '"pad‸"', '"pad‸']) {
      const text = inLayer(`"filters": 4, "kernelSize": 3, ${typed}`);
      expect(labels(text)).toContain('padding');
    }
    expect(taken(inLayer('"filters": 4, "kernelSize": 3, pad‸'), 'useBias')).toContain(
      '"kernelSize": 3, "useBias": false }',
    );
  });

  test('keeps the value of a key that is written again, and puts a comma before the next', () => {
    expect(taken(inLayer('"fil‸": 4, "kernelSize": 3'), 'filters')).toBe(small);
    expect(taken(inLayer('‸"kernelSize": 3'), 'stride')).toMatch(/"stride": .+, *"kernelSize": 3/);
  });

  test('does not offer "from" to layers without inputs', () => {
    expect(labels(small.replace('"shape": [8, 8, 1]', '‸'))).not.toContain('from');
  });

  test('offers what a loss, an optimizer and a record take', () => {
    expect(labels(small.replace('"from": "copy"', '‸'))).toEqual(
      expect.arrayContaining(['from', 'weight', 'target']),
    );
    expect(labels(small.replace('"learningRate": 0.01', '‸'))).toEqual(
      expect.arrayContaining(Object.keys(optimizers.get('adam').attributes)),
    );
    expect(labels(small.replace('"metrics"', '"earlyStopping": { ‸ }, "metrics"'))).toEqual([
      'patience',
      'minDelta',
      'restoreBest',
    ]);
  });

  test('offers layers that have no position in the layout', () => {
    const found = labels(small.replace('"conv1": [0, 100]', '"conv1": [0, 100], ‸'));
    expect(found).toContain('logits');
    expect(found).not.toContain('conv1');
  });
});

describe('completion of a layer', () => {
  const text = small.replace('    "flat":', '    ‸\n    "flat":');

  test('offers a line for each kind of layer, under a free name and behind the layer before', () => {
    expect(labels(text)).toEqual([...layers].map(({ type }) => type));
    expect(taken(text, 'conv2d')).toContain('"conv2": { "type": "conv2d", "from": "conv1", "filters": ');
  });

  test('offers lines that can be read as they are', () => {
    for (const { type } of layers) {
      const { diagnostics } = parse(taken(text, type));
      expect(
        diagnostics.map(({ message }) => message),
        type,
      ).toEqual([]);
    }
  });

  test('adds the attributes that a type requires', () => {
    const bare = small.replace(
      '"type": "lstm", "from": "steps", "hiddenSize": 5',
      '"type": "‸", "from": "steps"',
    );
    for (const { type } of layers) {
      const problems = parse(taken(bare, type)).diagnostics;
      expect(
        problems.map(({ message }) => message),
        type,
      ).toEqual([]);
    }
  });
});

describe('completion of values', () => {
  test('offers the layers to read, the nearest above first, then those below, but none that reads this one', () => {
    const before = small.replace('"from": "flat"', '"from": "‸"');
    expect(labels(before)).toEqual(['flat', 'conv1', 'image']);
    expect(labels(small.replace('"from": "memory",', '"from": ‸,'))).toContain('memory.hidden');
  });

  test('offers any other layer to share with, and any to judge', () => {
    expect(labels(small.replace('"shares": "logits"', '"shares": "‸"'))).toContain('logits');
    expect(labels(small.replace('"from": "copy"', '"from": ‸'))).toContain('logits');
  });

  test('offers types with what is needed, choices, and defaults', () => {
    expect(labels(small.replace('"type": "adam"', '"type": "‸"'))).toEqual(optimizers.types);
    expect(labels(inLayer('"filters": 4, "kernelSize": 3, "padding": ‸'))).toEqual(
      expect.arrayContaining(['"valid"', '"same"']),
    );
    expect(labels(inLayer('"filters": 4, "kernelSize": 3, "useBias": ‸'))).toEqual(['true', 'false']);
    expect(labels(small.replace('"metrics": ["accuracy"]', '"batchSize": ‸'))).toEqual(['32']);
  });

  test('offers kinds as entries of a list, and in brackets if the list does not exist yet', () => {
    expect(taken(small.replace('["accuracy"]', '["accuracy", ‸]'), 'perplexity')).toContain(
      '["accuracy", "perplexity"]',
    );
    expect(taken(small.replace('["accuracy"]', '‸'), 'perplexity')).toContain('"metrics": ["perplexity"]');
  });

  test('replaces the whole value that the cursor is in', () => {
    expect(
      taken(
        small.replace('"from": "image"', '"from": "con‸v1"').replace('"conv1": {', '"convA": {'),
        'image',
      ),
    ).toContain('"from": "image"');
  });

  test('offers nothing in comments, outside of the network, and at unknown places', () => {
    expect(labels(small.replace('"format": 1,', '// ‸\n  "format": 1,'))).toEqual([]);
    expect(labels(`${small}‸`)).toEqual([]);
    expect(labels(small.replace('"metrics"', '"nonsense": { ‸ }, "metrics"'))).toEqual([]);
    expect(labels('‸')).toEqual([]);
  });
});

test('every offset in every prefix of a text can be requested', () => {
  for (let end = 0; end <= small.length; end += 7) {
    const prefix = networkOf(small.slice(0, end), small);
    completionsAt(prefix, end);
    completionsAt(networkOf(small), end);
  }
  expect(analyze(small).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});
