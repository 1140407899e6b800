/** Blocks in the text editor: names, outline, completion, hints and statistics beside the lines. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { completionsAt } from '../../engine/language/completion.ts';
import { hintsIn } from '../../engine/language/hints.ts';
import { layerNamed, type Named, placesOf } from '../../engine/language/layerNames.ts';
import { outlineOf } from '../../engine/language/outline.ts';
import type { LayerStats } from '../../engine/stats/define.ts';
import { statsLines } from '../../extension/decorations/statsLines.ts';
import { textOf, tiny, vector } from './blockTexts.ts';
import { marked, networkOf, replaced, settled } from './languageSupport.ts';

describe('in the text', () => {
  const text = textOf(
    { in: vector, a: { type: 'tiny', from: 'in', repeat: 2 }, b: { type: 'tiny', from: 'a' } },
    { tiny },
    { layout: { 'tiny/d': [1, 2] } },
  );
  const network = networkOf(text);

  it('names of blocks and of their layers are found at their places, separately from the same names outside', () => {
    const at = (named: Named) =>
      placesOf(network, named).map(({ role, range }) => `${role} ${text.slice(range.start, range.end)}`);
    expect(at({ kind: 'block', name: 'tiny' })).toEqual([
      'definition tiny',
      'reference tiny',
      'reference tiny',
    ]);
    expect(at({ kind: 'layer', name: 'd', block: 'tiny' })).toEqual([
      'definition d',
      'reference d',
      'position d',
    ]);
    expect(at({ kind: 'layer', name: 'd' })).toEqual([]);
    expect(layerNamed(network, { kind: 'layer', name: 'd', block: 'tiny' })).toBe('a/1/d');
  });

  it('the outline lists definitions at their places, and inside of a use the layers that replace it', () => {
    const [blocks, , a, b] = outlineOf(network, []);
    expect(blocks.children[0]).toMatchObject({ name: 'tiny', detail: '4 layers' });
    expect(blocks.children[0].children.map(({ name, layer }) => [name, layer])).toContainEqual([
      'd',
      'a/1/d',
    ]);
    expect(a.detail).toBe('tiny → 4');
    expect(a.inside?.().map(({ name }) => name)).toEqual(['1', '2']);
    expect(
      a
        .inside?.()[1]
        .inside?.()
        .map(({ layer, detail }) => [layer, detail]),
    ).toEqual([
      ['a/2/d', 'dense → 4'],
      ['a/2/r', 'relu → 4'],
    ]);
    expect(b.inside?.().map(({ layer }) => layer)).toEqual(['b/d', 'b/r']);
  });

  it('a use has the problems of its block in the outline', () => {
    const faulty = text.replace('"units":4', '"units":-4');
    const [, , a] = outlineOf(networkOf(faulty), analyze(faulty).diagnostics);
    expect(a.problems.map(({ code }) => code)).toEqual(['spec/attribute']);
  });

  it('completion offers blocks as types, the layers of the block as inputs, and the attributes of a use', () => {
    const labels = (typed: string) => {
      const { text: now, offset } = marked(typed);
      return completionsAt(networkOf(now, text), offset).map(({ label }) => label);
    };
    expect(labels(text.replace('"type":"tiny","from":"in"', '"type":"‸","from":"in"'))).toContain('tiny');
    expect(labels(text.replace('"type":"relu","from":"d"', '"type":"relu","from":"‸"'))).toEqual(['d', 'x']);
    expect(labels(text.replace('"repeat":2', '"‸"'))).toEqual(
      expect.arrayContaining(['repeat', 'tied', 'shares']),
    );
    expect(labels(text.replace('"type":"relu"', '"type":"‸"'))).toEqual(
      expect.arrayContaining(['blockInput', 'tiny']),
    );
    expect(labels(text.replace('"type":"relu"', '"type":"‸"'))).not.toContain('input');
  });

  it('completion writes a new block that is valid at once', () => {
    const { text: now, offset } = marked(text.replace('"blocks": {', '"blocks": {\n    ‸'));
    const [{ insert, range }] = completionsAt(networkOf(now, text), offset);
    const written = replaced(now, range, settled(insert));
    expect([...analyze(written).spec.blocks.keys()]).toEqual(['block1', 'tiny']);
    expect(analyze(written).diagnostics.map(({ code }) => code)).toEqual(['block/unused']);
  });

  it('each definition has one hint, with the shapes of its first use', () => {
    const lines = hintsIn(
      text,
      network.analysis,
      { start: 0, end: text.length },
      { shapes: true, parameters: true },
    );
    expect(lines.map(({ layer, label }) => `${layer} ${label}`)).toEqual(
      expect.arrayContaining(['a/1/d → 4 · 20 parameters', 'a → 4 · 40 parameters']),
    );
    expect(new Set(lines.map(({ offset }) => offset)).size).toBe(lines.length);
  });

  it('a use shows the inner layer in the worst state, or else the last one', () => {
    const stats: { [layer: string]: LayerStats } = {
      'a/1/d': { gradNorm: 1 },
      'a/1/r': { deadFraction: 0.9 },
      'a/2/d': { gradNorm: 1 },
      'a/2/r': { gradNorm: 1 },
      'b/d': { gradNorm: 1 },
      'b/r': { gradNorm: 2 },
    };
    const lines = statsLines(network.analysis, (layer) =>
      stats[layer] ? { stats: stats[layer], stale: false } : undefined,
    );
    const textAt = (layer: string) => lines.find((line) => line.layer === layer)?.text;
    expect(textAt('a')).toMatch(/^1\/r: /);
    expect(textAt('b')).toMatch(/^r: /);
    expect(lines.length).toBe(4);
  });
});
