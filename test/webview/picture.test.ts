/** Exported pictures: SVG and Mermaid from the layout of a network, whatever names and texts the network has. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkStats } from '../../engine/stats/define.ts';
import { templates } from '../../engine/templates/registry.ts';
import { handlesOf } from '../../webview/canvas/handles.ts';
import { toFlow } from '../../webview/model/flow.ts';
import type { Direction } from '../../webview/model/geometry.ts';
import { dark, light } from '../../webview/picture/looks.ts';
import { drawMermaid } from '../../webview/picture/mermaid.ts';
import { drawPicture } from '../../webview/picture/picture.ts';
import { scaleOf } from '../../webview/picture/raster.ts';
import { payloads } from '../hostile/payloads.ts';
import { branches, chain, viewOf, withBlock } from './network.ts';

const pictureOf = (text: string, stats?: NetworkStats, look = light, direction: Direction = 'down') =>
  drawPicture({
    flow: toFlow(viewOf(text), direction),
    direction,
    stats,
    look,
    notes: viewOf(text).analysis.notes,
  });

const mermaidOf = (text: string, stats?: NetworkStats) =>
  drawMermaid(toFlow(viewOf(text), 'down'), 'down', stats);

const named = (names: readonly string[]): string =>
  JSON.stringify({
    layers: Object.fromEntries(
      names.map((name, index) => [
        name,
        index === 0
          ? { type: 'input', shape: [4] }
          : { type: 'dense', from: names[index - 1], units: 3, activation: name },
      ]),
    ),
  });

/** Hostile names, as many as fit into one network. */
const groups = Array.from({ length: Math.ceil(payloads.length / 12) }, (_, group) =>
  payloads.slice(12 * group, 12 * (group + 1)).map((payload, index) => `${index}${payload}`.slice(0, 300)),
);

interface Read {
  readonly names: Set<string>;
  /** The text of each element that has one, as an XML reader returns it. */
  readonly texts: string[];
}

const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads the subset of XML that a picture uses, as strictly as XML is defined. Anything else throws. */
function readXml(xml: string): Read {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  expect(xml.startsWith(declaration)).toBe(true);
  // Characters of XML 1.0, and no half of a surrogate pair.
  expect(xml).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
  const names = new Set<string>();
  const texts: string[] = [];
  const open: string[] = [];
  const piece =
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|apos);[^"<&]*)*")*)(\/?)>|([^<]+)/gy;
  piece.lastIndex = declaration.length;
  for (let end = piece.lastIndex; end < xml.length; end = piece.lastIndex) {
    const match = piece.exec(xml);
    if (!match) throw new Error(`not XML: ${xml.slice(end, end + 80)}`);
    const [, closes, name, , empty, text] = match;
    if (text !== undefined) {
      if (text.trim() === '') continue;
      const decoded = text.replace(/&(\w*);?/g, (_, entity: string) => {
        if (!Object.hasOwn(entities, entity)) throw new Error(`not an entity of XML: ${text}`);
        return entities[entity];
      });
      expect(text).not.toContain('>');
      texts.push(decoded);
    } else if (closes) expect(open.pop()).toBe(name);
    else {
      names.add(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return { names, texts };
}

/** Elements that need no browser, load nothing and run nothing. */
const shapes = ['svg', 'title', 'rect', 'path', 'g', 'text', 'tspan'];

/** Attributes that word processors and drawing programs know. Others, such as classes, styles and baselines, they know in part. */
const looks =
  'd dx fill font-family font-size font-weight height opacity stroke stroke-dasharray stroke-width text-anchor transform viewBox width x xmlns y';

const stats: NetworkStats = {
  conv1: { mean: 0, std: 0.5, gradNorm: 1e-9, gradRms: 1e-10, updateRatio: 1e-3, paramNorm: 1 },
  relu1: { mean: 0, std: 0.5, zeroFraction: 0.5, deadFraction: 1 },
};

test('ports of layers that have several are named, as on the canvas', () => {
  const text = JSON.stringify({
    layers: {
      steps: { type: 'input', shape: [6, 2] },
      memory: { type: 'lstm', from: 'steps', hiddenSize: 4 },
      out: { type: 'dense', from: 'memory', units: 1 },
    },
  });
  const { texts } = readXml(pictureOf(text).svg);
  const ports = toFlow(viewOf(text), 'down').nodes.flatMap((node) =>
    handlesOf(node, 'down').flatMap(({ named, label }) => (named ? [label] : [])),
  );
  expect(ports.length).toBeGreaterThan(1);
  expect(texts).toEqual(expect.arrayContaining(ports));
});

describe('an SVG picture', () => {
  test.each(templates.map(({ type, text }) => [type, text] as const))(
    'of the template "%s" is XML of shapes and text, with every layer in its frame',
    (_, text) => {
      for (const direction of ['down', 'right'] as const) {
        const { svg, width, height } = pictureOf(text, undefined, light, direction);
        const { names, texts } = readXml(svg);
        expect(shapes).toEqual(expect.arrayContaining([...names]));
        const view = viewOf(text);
        for (const { name } of view.layers)
          expect(texts.some((one) => one.startsWith(name.slice(0, 8)))).toBe(true);
        const [left, top] = /viewBox="(-?[\d.]+) (-?[\d.]+) /.exec(svg)!.slice(1).map(Number);
        for (const {
          position: [x, y],
          height: card,
        } of toFlow(view, direction).nodes) {
          expect(x).toBeGreaterThanOrEqual(left);
          expect(y).toBeGreaterThanOrEqual(top);
          expect(x + 264).toBeLessThanOrEqual(left + width);
          expect(y + card).toBeLessThanOrEqual(top + height);
        }
      }
    },
  );

  test('has an arrow for each connection that is not within a stack, and names its fonts', () => {
    const flow = toFlow(viewOf(branches), 'down');
    const { svg } = drawPicture({ flow, direction: 'down', stats: undefined, look: light });
    expect(svg.match(/Z"\/>/g)!.length - 2 * flow.nodes.length).toBe(
      flow.edges.filter(({ seam }) => !seam).length,
    );
    expect(svg).toContain('font-family="Helvetica, Arial, sans-serif"');
  });

  test('has the notes of layers: beside their card, or below the network if there is no room', () => {
    const note = 'A first <b>layer</b> & "its" reason, which is longer than one line of a note.';
    const text = branches
      .replace('"image": {', `// ${note}\n    "image": {`)
      .replace('"left": {', '// Three by three.\n    "left": {')
      .replace('"right": {', '// One by one.\n    "right": {');
    const { svg, height } = pictureOf(text);
    const { texts } = readXml(svg);
    expect(texts.join(' ')).toContain(note);
    expect(texts).toContain('left: Three by three.');
    const notes = [...svg.matchAll(/<rect x="(\S+)" y="(\S+)" width="190" height="(\S+)"/g)].map((found) => {
      const [x, y, size] = found.slice(1).map(Number);
      return { x, y, right: x + 190, bottom: y + size };
    });
    expect(notes).toHaveLength(3);
    const cards = toFlow(viewOf(text), 'down').nodes.map(({ position: [x, y], width, height }) => ({
      ...{ x, y, right: x + width, bottom: y + height },
    }));
    for (const [index, a] of notes.entries()) {
      for (const b of [...cards, ...notes.slice(index + 1)])
        expect(a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom).toBe(false);
      expect(a.bottom).toBeLessThan(Number(/viewBox="\S+ (\S+)/.exec(svg)![1]) + height);
    }
  });

  test('has no note over a connection', () => {
    const lenet = readFileSync(new URL('../../examples/mnist-lenet.nn.json', import.meta.url), 'utf8');
    const { svg } = pictureOf(
      lenet.replace(/^ *"\w+": \{ "type": "(conv2d|dense|relu)"/gm, '// A note.\n$&'),
    );
    const notes = [...svg.matchAll(/<rect x="(\S+)" y="(\S+)" width="190" height="(\S+)"/g)].map((found) =>
      found.slice(1).map(Number),
    );
    expect(notes.length).toBeGreaterThan(4);
    const lines = [...svg.matchAll(/<path fill="none" stroke="#6e7781"[^>]* d="([^"]+)"/g)].map(([, path]) =>
      [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
    );
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines)
      for (const [index, [toX, toY]] of line.slice(1).entries()) {
        const [fromX, fromY] = line[index];
        for (const [x, y, height] of notes) {
          const beside = Math.max(fromX, toX) < x || Math.min(fromX, toX) > x + 190;
          const above = Math.max(fromY, toY) < y || Math.min(fromY, toY) > y + height;
          expect(beside || above).toBe(true);
        }
      }
  });

  test('is light or dark, and with statistics if there are any', () => {
    expect(pictureOf(chain, undefined, dark).svg).toContain(`fill="${dark.background}"`);
    expect(pictureOf(chain).svg).toContain(`fill="${light.background}"`);
    const plain = readXml(pictureOf(chain).svg);
    expect(plain.texts.some((text) => text.includes('operations'))).toBe(true);
    const measured = readXml(pictureOf(chain, stats).svg);
    expect(measured.texts).toEqual(expect.arrayContaining(['∇']));
  });

  test('explains the signs and marks of statistics below the network', () => {
    const { svg, width, height } = pictureOf(chain, stats);
    const { texts } = readXml(svg);
    for (const [sign, meaning] of [
      ['σ', 'Standard deviation of activations'],
      ['∇', 'Gradient norm'],
      ['Δ', 'Update ratio'],
      ['θ', 'Parameters'],
    ])
      expect(texts[texts.indexOf(meaning) - 1]).toBe(sign);
    expect(texts.slice(-2)).toEqual(['dead units', 'vanishing gradient']);
    expect(texts.filter((text) => text === 'Update ratio')).toHaveLength(1);
    const [left, top] = /viewBox="(-?[\d.]+) (-?[\d.]+) /.exec(svg)!.slice(1).map(Number);
    for (const [, x, y] of svg.matchAll(
      /<text x="(\S+)" y="(\S+)"[^>]*>(?:Standard|Gradient|Update|Param|dead u)/g,
    )) {
      expect(Number(x)).toBeLessThan(left + width);
      expect(Number(y)).toBeGreaterThan(top);
      expect(Number(y)).toBeLessThan(top + height - 20);
    }
    expect(readXml(pictureOf(chain).svg).texts).not.toContain('Parameters');
  });

  test('leaves out whole attributes where there is no room, and cuts none', () => {
    const wide = chain.replace('"filters": 8', '"filters": 1600, "dilation": 1, "stride": [2, 3]');
    const { texts } = readXml(pictureOf(wide, stats).svg);
    expect(texts.find((text) => text.startsWith('Conv 2D'))).toMatch(
      /^Conv 2D · 1600 filters( · [^·…]+)* · …$/,
    );
  });

  test('marks a layer by shapes, within its card', () => {
    const { svg } = pictureOf(chain, stats);
    // Dead units: open squares, as many as fit into the height of a row.
    const squares = [...svg.matchAll(/<path [^>]*transform="translate\(0 (\S+)\)" d="M3,3h6v6h-6z"/g)];
    expect(squares.map(([, y]) => Number(y))).toEqual([1, 13]);
  });

  test('has only elements and attributes that every program draws', () => {
    for (const text of [branches, chain, withBlock]) {
      const { svg, width, height } = pictureOf(text.replace('"image"', '// A note.\n"image"'), stats, dark);
      const written = [...svg.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)];
      for (const [, name, value] of written.filter(([, name]) => name !== 'version' && name !== 'encoding')) {
        expect(looks.split(' ')).toContain(name);
        expect(value).not.toMatch(/var\(|url\(|calc\(|rgb|hsl|px$|em$|%$|#\w{8}$/);
      }
      expect(svg).toContain(
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="`,
      );
      expect(svg).toMatch(/font-family="[^"]*, sans-serif"/);
      expect(shapes).toEqual(expect.arrayContaining([...readXml(svg).names]));
    }
  });

  test('shows the layers of an unfolded block in a frame, which holds them', () => {
    const view = viewOf(withBlock);
    const unfolded = new Set(['uses', 'uses/1']);
    for (const direction of ['down', 'right'] as const) {
      const flow = toFlow(view, direction, undefined, unfolded);
      const { svg, width, height } = drawPicture({ flow, direction, stats: undefined, look: light });
      const { texts } = readXml(svg);
      for (const shown of ['uses', '×2', '1', 'conv', 'relu', '2', 'flat']) expect(texts).toContain(shown);
      expect(svg.match(/stroke-dasharray/g)).toHaveLength(flow.nodes.filter(({ frame }) => frame).length);
      const [left, top] = /viewBox="(-?[\d.]+) (-?[\d.]+) /.exec(svg)!.slice(1).map(Number);
      for (const { position, ...size } of flow.nodes) {
        expect(position[0] + size.width).toBeLessThanOrEqual(left + width);
        expect(position[1] + size.height).toBeLessThanOrEqual(top + height);
      }
    }
  });

  test('has each value of a card nearer to its own sign than to the next', () => {
    const drawn = [...pictureOf(chain, stats).svg.matchAll(/<text x="([\d.]+)" y="56"[^>]*>([^<]*)</g)];
    const places = drawn.map(([, x, text]) => ({ x: Number(x), text }));
    const values = places.filter((_, index) => places[index - 1]?.text.match(/^[σ∇Δ]$/));
    expect(values.length).toBeGreaterThan(2);
    for (const value of values) expect(value.x - places[places.indexOf(value) - 1].x).toBeLessThan(20);
  });

  test('holds hostile names, types and values as text only', () => {
    for (const names of groups) {
      const { names: elements } = readXml(pictureOf(named(names)).svg);
      expect(shapes).toEqual(expect.arrayContaining([...elements]));
    }
  });

  test('is valid XML, whatever characters a name has', () => {
    const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.uniqueArray(anyText, { minLength: 1, maxLength: 4 }), (names) => {
        readXml(pictureOf(named(names)).svg);
      }),
      { seed: 11, numRuns: 40 },
    );
  });

  test('is drawn as PNG with three times as many pixels, unless it would be larger than a canvas can be', () => {
    expect(scaleOf(600, 900)).toBe(3);
    expect(scaleOf(20_000, 1000) * 20_000).toBeLessThanOrEqual(16_000);
    expect(scaleOf(9000, 9000) ** 2 * 81e6).toBeLessThanOrEqual(60_000_001);
  });
});

describe('Mermaid text', () => {
  test('has a box for each layer and an arrow for each connection, with shapes where they change', () => {
    const text = mermaidOf(chain, stats);
    expect(text).toMatch(/^flowchart TD\n/);
    expect(text).toContain('layer2["conv1<br>Conv 2D · 8 filters · 3×3 · same<br>28×28×8<br>');
    expect(text).toContain('layer1 -- "28×28×1" --> layer2\n');
    expect(text).toContain('layer2 -- "28×28×8" --> layer3\n');
    expect(text.match(/-->/g)).toHaveLength(4);
  });

  test('has a subgraph for each unfolded block, in which its layers are', () => {
    const unfolded = new Set(['uses', 'uses/1']);
    const text = drawMermaid(toFlow(viewOf(withBlock), 'down', undefined, unfolded), 'down', undefined);
    const lines = text.split('\n').filter((line) => /subgraph|^ *end$|\["/.test(line));
    expect(lines.map((line) => line.replace(/(?<=\["[^<]*)<br>.*/, ''))).toEqual([
      '  layer1["image',
      '  subgraph layer2["uses ×2',
      '    subgraph layer3["1',
      '      layer4["conv',
      '      layer5["relu',
      '    end',
      '    layer6["2',
      '  end',
      '  layer7["flat',
    ]);
    expect(text).toContain('layer5 --> layer6\n');
  });

  test('keeps a value on the line of its sign', () => {
    expect(mermaidOf(chain, stats)).toMatch(/σ\u00A0\d/);
  });

  test('holds hostile names as text only', () => {
    for (const names of groups) {
      const lines = mermaidOf(named(names)).split('\n');
      expect(lines.filter((line) => line.includes('["'))).toHaveLength(names.length);
      for (const line of lines)
        expect(line).toMatch(
          /^(flowchart TD| {2}layer\d+\["([\p{L}\p{N} .,:;·×→…_+=()/~-]|#\d+;|<br>)*"\]| {2}layer\d+ (-- "[\d×]+" )?--> layer\d+| {2}(class|classDef) [\w,]+ \S+|)$/u,
        );
    }
  });
});

describe('netloom picture', () => {
  const run = (...operands: string[]) =>
    spawnSync(process.execPath, ['dist/cli.cjs', 'picture', ...operands], { encoding: 'utf8' });

  test('prints or writes a picture, replaces no file, and refuses files that are not networks', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'netloom-picture-'));
    try {
      const example = 'examples/mnist-lenet.nn.json';
      const printed = run(example, '--dark');
      expect(printed.status).toBe(0);
      expect(readXml(printed.stdout).texts).toContain('logits');
      const file = path.join(folder, 'lenet.mmd');
      expect(run(example, '-o', file).status).toBe(0);
      expect(readFileSync(file, 'utf8')).toMatch(/^flowchart TD\n/);
      const again = run(example, '-o', file);
      expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('exists already')]);
      const none = run('README.md');
      expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('cannot be read as a network')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
