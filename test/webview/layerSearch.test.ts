/** The search for a kind of layer finds it by name, by synonym and by description. */
import { describe, expect, test } from 'vitest';
import { layers } from '../../engine/layers/registry.ts';
import { rank, search, searchableKind } from '../../webview/model/layerSearch.ts';

const find = (query: string): string[] =>
  search([...layers], query, (layer) => searchableKind(layer, layer.category)).map(({ type }) => type);

describe('a kind of layer', () => {
  test.each([
    ['fc', 'dense'],
    ['fully connected', 'dense'],
    ['Dense', 'dense'],
    ['lstm', 'lstm'],
    ['long short', 'lstm'],
    ['relu6', 'relu6'],
    ['relu', 'relu'],
    ['lrelu', 'leakyRelu'],
    ['swish', 'silu'],
    ['deconv', 'convTranspose2d'],
    ['bn', 'batchNorm'],
    ['residual', 'add'],
    ['cat', 'concat'],
    ['self-attention', 'multiHeadAttention'],
    ['logistic', 'sigmoid'],
    ['transpose', 'permute'],
    ['gap', 'globalAveragePool'],
    ['Gemm', 'dense'],
    ['AveragePooling2D', 'averagePool2d'],
  ])('is found first under "%s"', (query, type) => expect(find(query)[0]).toBe(type));

  test('"linear" finds the activation with this name and the layer that has this name in PyTorch', () => {
    expect(find('linear').slice(0, 2)).toEqual(['linear', 'dense']);
  });

  test('is found by each of its words, and nonsense finds nothing', () => {
    for (const layer of layers)
      for (const word of [layer.type, layer.label, ...(layer.synonyms ?? [])])
        expect(find(word), `${word} finds ${layer.type}`).toContain(layer.type);
    expect(find('qwertz')).toEqual([]);
  });

  test('has no synonym that equals its name', () => {
    for (const { type, label, synonyms = [] } of layers)
      for (const word of synonyms)
        expect([type.toLowerCase(), label.toLowerCase()]).not.toContain(word.toLowerCase());
  });

  test('a shape is found as people type it, and so is a name with an x', () => {
    const items = [
      { names: ['pool1'], description: 'Max pool 2D · 14×14×8' },
      { names: ['conv3x3'], description: 'Conv 2D · 28×28×8' },
    ];
    const found = (query: string) => search(items, query, (item) => item).map(({ names }) => names[0]);
    expect(found('14x14')).toEqual(['pool1']);
    expect(found('14×14')).toEqual(['pool1']);
    expect(found('3x3')).toEqual(['conv3x3']);
  });

  test('keeps its place in the palette for an empty query', () => {
    expect(find('')).toEqual([...layers].map(({ type }) => type));
    expect(rank({ names: ['a'] }, '  ')).toBe(0);
  });
});
