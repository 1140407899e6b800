/** Gestures in the graph as edits of the text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { layers as registry } from '../../engine/layers/registry.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import type { Template } from '../../engine/templates/define.ts';
import { starters, templates } from '../../engine/templates/registry.ts';
import { runJob } from '../../engine/train/job.ts';
import { card } from '../../webview/model/cardSizes.ts';
import {
  addLayer,
  copyText,
  disconnect,
  duplicate,
  type Gesture,
  moveLayers,
  type Place,
  paste,
  problemOfPaste,
  reconnect,
  removeLayers,
} from '../../webview/model/gestures.ts';
import type { NetworkView } from '../../webview/model/network.ts';
import { startWith } from '../../webview/model/starters.ts';
import type { RawValues } from '../../webview/model/values.ts';
import { branches, chain, connectionsOf, textAfter, viewOf, withBlock } from './network.ts';

/** The network after a gesture. Expects that only lines with connections have changed. */
function check(text: string, make: (view: NetworkView) => Gesture | undefined): NetworkView {
  return viewOf(textAfter(text, make(viewOf(text))));
}

describe('adding a layer', () => {
  test('after a layer with one reader, it comes between the two', () => {
    const after = check(chain, (view) => addLayer(view, 'tanh', { place: 'after', layers: ['conv1'] }));
    expect(connectionsOf(after)).toContain('relu1 < tanh1');
    expect(connectionsOf(after)).toContain('tanh1 < conv1');
    expect(connectionsOf(after)).not.toContain('relu1 < conv1');
  });

  test('after a layer with several readers, it starts a new branch', () => {
    const after = check(branches, (view) => addLayer(view, 'tanh', { place: 'after', layers: ['stem'] }));
    expect(connectionsOf(after).sort()).toEqual([...connectionsOf(viewOf(branches)), 'tanh1 < stem'].sort());
  });

  test('a new input has the shape of the data, if that is known; other layers do not', () => {
    const place = { place: 'point', position: [0, 0] } as const;
    const added = (type: string, shape?: readonly number[]) =>
      addLayer(viewOf(chain), type, place, shape).edit as Extract<SpecEdit, { kind: 'addLayer' }>;
    expect(added('input', [4]).attributes).toEqual({ shape: [4] });
    expect(added('input').attributes).toEqual({ shape: [28, 28, 1] });
    expect(added('reshape', [4]).attributes).not.toEqual({ shape: [4] });
  });

  test('with nothing selected it continues the chain', () => {
    const after = check(chain, (view) => addLayer(view, 'softmax', { place: 'after', layers: [] }));
    expect(connectionsOf(after)).toContain('softmax1 < logits');
  });

  test('on a connection it comes between its ends, and leaves the others', () => {
    const edge = { to: 'sum', index: 2 };
    const after = check(branches, (view) => addLayer(view, 'relu', { place: 'edge', edge }));
    expect(connectionsOf(after)).toContain('relu1 < stem');
    expect(after.byName.get('sum')?.from.map(({ layer }) => layer)).toEqual(['leftRelu', 'right', 'relu1']);
  });

  test('a merging layer reads all selected layers', () => {
    const after = check(branches, (view) =>
      addLayer(view, 'concat', { place: 'after', layers: ['leftRelu', 'right'] }),
    );
    expect(after.byName.get('concat1')?.from.map(({ layer }) => layer)).toEqual(['leftRelu', 'right']);
  });

  test('of any type, at any place, is one edit that the text takes, with attributes that are valid', () => {
    const types = registry.types;
    const places: Place[] = [
      { place: 'after', layers: ['conv1'] },
      { place: 'edge', edge: { to: 'flat', index: 0 } },
      { place: 'point', position: [10.4, -3] },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.constantFrom(...places), (type, place) => {
        const view = viewOf(chain);
        const gesture = addLayer(view, type, place);
        const after = viewOf(textAfter(chain, gesture));
        const [name] = gesture.select!;
        const mistakes = after.byName
          .get(name)!
          .problems.filter(({ code, attribute }) => code.startsWith('spec/') && attribute !== undefined);
        expect(mistakes, `${type} starts with mistakes`).toEqual([]);
        expect(after.layers.length).toBe(view.layers.length + 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('other gestures', () => {
  test('removing a layer from a chain connects its neighbours', () => {
    expect(connectionsOf(check(chain, () => removeLayers(['relu1'])))).toEqual([
      'conv1 < image',
      'flat < conv1',
      'logits < flat',
    ]);
  });

  test('moving the end of a connection to another layer takes it off the first', () => {
    const after = check(branches, () =>
      reconnect({ to: 'sum', index: 1 }, { layer: 'right' }, { to: 'leftRelu', index: 0 }),
    );
    expect(connectionsOf(after)).toContain('leftRelu < right');
    expect(after.byName.get('sum')?.from.map(({ layer }) => layer)).toEqual(['leftRelu', 'stem']);
  });

  test('several inputs of one layer are cut without confusing their indices', () => {
    const after = check(branches, () =>
      disconnect([
        { to: 'sum', index: 0 },
        { to: 'sum', index: 2 },
      ]),
    );
    expect(after.byName.get('sum')?.from.map(({ layer }) => layer)).toEqual(['right']);
  });

  test('a card that was dragged writes its own place and no other', () => {
    const after = check(chain, () => moveLayers(new Map([['conv1', [50.6, 70]]])));
    expect([...after.analysis.spec.layout]).toEqual([['conv1', [51, 70]]]);
  });

  test('copies of neighbours read each other, copies alone read what the original reads', () => {
    const after = check(chain, (view) => duplicate(view, ['conv1', 'relu1']));
    expect(connectionsOf(after)).toContain('conv2 < image');
    expect(connectionsOf(after)).toContain('relu2 < conv2');
  });

  test('copied layers are the lines of the text, and come back by pasting', () => {
    const copied = copyText(viewOf(chain), ['conv1', 'relu1']);
    expect(copied).toContain('"kernelSize": 3');
    const after = check(chain, (view) => paste(view, copied));
    expect(connectionsOf(after)).toContain('relu2 < conv2');
    const elsewhere = check('', (view) => paste(view, copied));
    expect(connectionsOf(elsewhere)).toEqual(['relu1 < conv1']);
  });

  test('copies keep their notes, also those that are cut and pasted', () => {
    const noted = chain.replace(
      '    "conv1":',
      '    // Finds edges.\n    // Few filters suffice.\n    "conv1":',
    );
    const note = 'Finds edges.\nFew filters suffice.';
    const view = viewOf(noted);
    expect(view.analysis.notes.get('conv1')).toBe(note);
    const doubled = textAfter(noted, duplicate(view, ['conv1', 'relu1'])!);
    expect(Object.fromEntries(viewOf(doubled).analysis.notes)).toMatchObject({ conv1: note, conv2: note });
    const copied = copyText(view, ['conv1']);
    const cut = textAfter(noted, removeLayers(['conv1']));
    const pasted = textAfter(cut, paste(viewOf(cut), copied)!);
    expect(viewOf(pasted).analysis.notes.get('conv1')).toBe(note);
    const elsewhere = textAfter(branches, paste(viewOf(branches), copied)!);
    expect(viewOf(elsewhere).analysis.notes.get('conv1')).toBe(note);
    expect(viewOf(elsewhere).analysis.diagnostics).toEqual([]);
  });

  test('copies of layers that were placed by hand are beside them, and beside earlier copies', () => {
    const places = { conv1: [0, 100], flat: [200, 300], logits: [330, 110] };
    let text = chain.replace(/\n}\n$/, `,\n  "layout": ${JSON.stringify(places)}\n}\n`);
    const copied = copyText(viewOf(text), ['conv1', 'flat']);
    for (let times = 0; times < 3; times++) text = textAfter(text, paste(viewOf(text), copied));
    const { layout } = viewOf(text).analysis.spec;
    expect([...layout.keys()]).toEqual(expect.arrayContaining(['conv2', 'flat2', 'conv4', 'flat4']));
    const all = [...layout.values()];
    for (const [index, [x, y]] of all.entries())
      for (const [left, top] of all.slice(index + 1))
        expect(Math.abs(x - left) >= card.width || Math.abs(y - top) >= card.full).toBe(true);
    // All copies of one paste are moved alike.
    expect(layout.get('flat2')![0] - layout.get('conv2')![0]).toBe(200);
    expect(layout.get('conv2')![1]).toBe(100);
  });

  test('a clipboard without layers pastes nothing', () => {
    for (const text of ['', 'hello', '[1, 2]', '{"a": 1}', '"__proto__": { "type": "relu" }'])
      expect(paste(viewOf(chain), text)).toBeUndefined();
  });

  test('text of layers that cannot be pasted has a reason, and other text has none', () => {
    const many = Array.from({ length: 9000 }, (_, index) => `"l${index}": { "type": "relu" }`).join(',\n');
    expect(problemOfPaste(many)).toContain('8000');
    expect(problemOfPaste('"constructor": { "type": "relu" }, "b": { "type": "relu" }')).toContain(
      '"constructor"',
    );
    for (const text of ['', 'hello', '[1, 2]', copyText(viewOf(chain), ['conv1', 'relu1'])])
      expect(problemOfPaste(text)).toBeUndefined();
  });

  test('lines that a gesture does not concern stay as they are', () => {
    const text = textAfter(chain, addLayer(viewOf(chain), 'tanh', { place: 'after', layers: ['conv1'] }));
    for (const line of chain.split('\n').filter((line) => !line.includes('relu1')))
      expect(text).toContain(line);
    expect(text).toContain('// the usual choice');
  });
});

describe('a use of a block', () => {
  const network = textAfter('', startWith(viewOf(''), templates.find(({ type }) => type === 'resnet')!));

  test('is copied with the comments within its own braces', () => {
    const noted = network.replace('"narrow": {', '"narrow": { /* eight filters */');
    const pasted = viewOf(textAfter('', paste(viewOf(''), copyText(viewOf(noted), ['narrow']))!));
    expect(pasted.whole.notes.get('narrow')).toBe('eight filters');
    const doubled = viewOf(textAfter(noted, duplicate(viewOf(noted), ['narrow'])!));
    expect(doubled.whole.notes.get('narrow2')).toBe('eight filters');
  });

  test('is copied with its block, and pasted beside the original or into another network', () => {
    const copied = copyText(viewOf(network), ['narrow']);
    const beside = viewOf(textAfter(network, paste(viewOf(network), copied)!));
    expect(beside.byName.get('narrow2')?.typed?.inferred.output).toEqual([14, 14, 8]);
    const other = textAfter('', paste(viewOf(''), copied)!);
    expect([...analyze(other).spec.blocks.keys()]).toEqual(['residual']);
    expect(viewOf(other).byName.get('narrow')?.definition?.type).toBe('residual');
  });

  test('is pasted as what it was where another block has the name of its block', () => {
    const other = network.replaceAll('"kernelSize": 3', '"kernelSize": 5');
    expect(other).not.toBe(network);
    const copied = copyText(viewOf(network), ['narrow']);
    const pasted = textAfter(other, paste(viewOf(other), copied)!);
    expect([...analyze(pasted).spec.blocks.keys()]).toEqual(['residual', 'residual2']);
    expect(viewOf(pasted).byName.get('narrow2')?.type).toBe('residual2');
    const kernel = (name: string) => analyze(pasted).graph.byName.get(name)?.spec.given.kernelSize;
    expect([kernel('narrow/conv1'), kernel('narrow2/conv1')]).toEqual([5, 3]);
    // The same block again is not added a second time.
    const again = textAfter(pasted, paste(viewOf(pasted), copied)!);
    expect([...analyze(again).spec.blocks.keys()]).toEqual(['residual', 'residual2']);
    expect(viewOf(again).byName.get('narrow3')?.type).toBe('residual2');
  });

  test('keeps the comments on the layers of its block and between their braces, in another network too', () => {
    const noted = withBlock.replace('"filters": 1,', '/* one is enough */ "filters": 1,');
    const copied = copyText(viewOf(noted), ['uses']);
    for (const text of [copied, noted]) {
      const other = textAfter('', paste(viewOf(''), text)!);
      expect(analyze(other).notes.get('pair/conv')).toBe('finds edges\none is enough');
    }
  });

  test('brings no second block if only attributes are in another order, but does if inputs are', () => {
    const text = (ports: readonly string[], attributes: readonly string[]) => `{
      "format": 1,
      "blocks": {
        "join": {
          ${ports.map((port) => `"${port}": { "type": "blockInput" }`).join(', ')},
          "conv": { "type": "conv2d", "from": "left", "kernelSize": 1, ${attributes.join(', ')} },
          "sum": { "type": "add", "from": ["conv", "right"] },
          "out": { "type": "blockOutput", "from": "sum" }
        }
      },
      "layers": {
        "image": { "type": "input", "shape": [8, 8, 1] },
        "uses": { "type": "join", "from": ["image", "image"] }
      }
    }`;
    const [ports, attributes] = [
      ['left', 'right'],
      ['"filters": 1', '"kernelInitializer": { "type": "normal", "std": 0.1 }'],
    ];
    const other = ['"kernelInitializer": { "std": 0.1, "type": "normal" }', '"filters": 1'];
    const blocksAfter = (target: string) => {
      const copied = copyText(viewOf(text(ports, attributes)), ['uses']);
      return [...analyze(textAfter(target, paste(viewOf(target), copied))).spec.blocks.keys()];
    };
    expect(analyze(text(ports, other)).diagnostics).toEqual([]);
    expect(blocksAfter(text(ports, other))).toEqual(['join']);
    expect(blocksAfter(text(ports.toReversed(), attributes))).toEqual(['join', 'join2']);
  });
});

describe('every template', () => {
  const started = (text: string, template: Template) => textAfter(text, startWith(viewOf(text), template));

  test('is inserted as it is written on an empty canvas, and in an empty file', () => {
    expect(starters.length).toBe(templates.length - 1);
    for (const template of starters)
      for (const text of ['', '{\n  "format": 1,\n  "layers": {}\n}\n']) {
        const view = viewOf(started(text, template));
        const written = viewOf(template.text);
        expect(view.layers.map(({ name, given }) => ({ name, given }))).toEqual(
          written.layers.map(({ name, given }) => ({ name, given })),
        );
        expect(view.training).toEqual(written.training);
        expect(view.analysis.trainable, template.type).toBe(true);
        expect(view.analysis.diagnostics).toEqual([]);
      }
  });

  test('can be read', () => {
    for (const { type, text } of templates) expect(analyze(text).readable, type).toBe(true);
  });

  test('trains at once, on data that needs no file', async () => {
    for (const { type, text } of starters) {
      const data = { ...(viewOf(text).training?.data as RawValues), samples: 40, testSamples: 20 };
      const few = textAfter(text, { edit: { kind: 'setTraining', path: ['data'], value: data } });
      const end = await runJob(
        { task: 'train', text: few, folder: '/nowhere', epochs: 1 },
        {
          openBackend: () => referenceBackend,
          now: () => performance.now(),
          yield: async () => undefined,
          emit: () => undefined,
        },
      );
      expect(end, type).toMatchObject({ reason: 'finished' });
    }
  });

  test('does not change an existing training section', () => {
    const training = '"training": { "data": "points", "loss": "hinge", "optimizer": "sgd" }';
    for (const template of starters)
      expect(started(`{ "format": 1, "layers": {}, ${training} }`, template)).toContain(training);
  });
});
