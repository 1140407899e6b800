/** A run keeps its statistics when its layers get other names, whatever happens to the text in between. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { RunSummary } from '../../engine/runs/reader.ts';
import { DocumentText } from '../../engine/spec/documentText.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { renamingBetween } from '../../engine/spec/findRenaming.ts';
import { renaming } from '../../engine/spec/renaming.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { namedRun } from '../../extension/runsView/namedRun.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';
import { chain, textOf, vector } from './blockTexts.ts';
import { edited, Trained } from './trainedText.ts';

const rename = (name: string, newName: string, block?: string): SpecEdit => {
  const edit: SpecEdit = { kind: 'renameLayer', name, newName };
  return block === undefined ? edit : { kind: 'inBlock', block, edit };
};

const twins = textOf({
  in: vector,
  a: { type: 'relu', from: 'in' },
  b: { type: 'relu', from: 'in' },
  sum: { type: 'add', from: ['a', 'b'] },
});
const blocks = textOf(
  {
    in: vector,
    first: { type: 'part', from: 'in', width: 4 },
    second: { type: 'part', from: 'first', width: 4, repeat: 2 },
    sum: { type: 'add', from: ['second', 'first.side'] },
  },
  {
    part: {
      input: { type: 'blockInput' },
      width: { type: 'blockParameter', default: 4 },
      a: { type: 'dense', from: 'input', units: '$width' },
      b: { type: 'relu', from: 'a' },
      output: { type: 'blockOutput', from: 'b' },
      side: { type: 'blockOutput', from: 'a' },
    },
  },
);

describe('the statistics of a layer', () => {
  test('stay, and are not stale, when it is renamed, when layers that read it are, and after an undo', () => {
    const trained = new Trained(chain).edit(rename('a', 'x'));
    expect(trained.shown('x')).toBe('a');
    expect(trained.all).toEqual(trained.ran);
    expect(trained.record.text).toBe(trained.text);
    trained.edit(rename('x', 'y'), rename('in', 'picture'));
    expect(trained.all).toEqual(trained.ran);
    expect(trained.change(chain).all).toEqual(trained.ran);
    expect(trained.record.names.renaming).toEqual([]);
  });

  test('follow two layers that exchange their names, in steps or at once', () => {
    const steps = new Trained(chain).edit(rename('a', 'x'), rename('c', 'a'), rename('x', 'c'));
    expect([steps.shown('c'), steps.shown('a')]).toEqual(['a', 'c']);
    const swapped = new Trained(chain).change(steps.text);
    expect([swapped.shown('c'), swapped.shown('a')]).toEqual(['a', 'c']);
    const alike = new Trained(twins).edit(rename('a', 'x'), rename('b', 'a'), rename('x', 'b'));
    expect([alike.shown('b'), alike.shown('a')]).toEqual(['a', 'b']);
  });

  test('stay with their layers when lines are moved', () => {
    const lines = twins.split('\n');
    const at = lines.findIndex((line) => line.includes('"a"'));
    const moved = [...lines.slice(0, at), lines[at + 1], lines[at], ...lines.slice(at + 2)].join('\n');
    const trained = new Trained(twins).change(moved);
    expect([trained.shown('a'), trained.shown('b')]).toEqual(['a', 'b']);
  });

  test('are stale after a rename only if the layer was edited as well', () => {
    const wider: SpecEdit = { kind: 'setAttribute', layer: 'x', attribute: 'units', value: 9 };
    const trained = new Trained(chain).edit(rename('a', 'x'), wider, rename('x', 'y'));
    expect(trained.shown('y')).toBe('a?');
    expect(trained.shown('b')).toBe('b');
  });

  test('follow a block, a layer of a block, its parameter, and a use that are renamed', () => {
    const trained = new Trained(blocks);
    expect(trained.ran).toContain('second/2/b');
    trained.edit(rename('a', 'wide', 'part'), rename('width', 'size', 'part'), {
      kind: 'renameBlock',
      name: 'part',
      newName: 'stage',
    });
    expect(trained.all).toEqual(trained.ran);
    trained.edit(rename('second', 'last'), rename('side', 'early', 'stage'));
    expect(trained.text).toContain('"first.early"');
    expect(trained.shown('last/2/wide')).toBe('second/2/a');
    expect(new Trained(blocks).change(trained.text).all).toEqual(trained.ran);
    expect(trained.change(blocks).all).toEqual(trained.ran);
  });

  test('are not those of a removed layer whose name another layer gets', () => {
    const removed: SpecEdit = { kind: 'removeLayers', names: ['a'], heal: true };
    // Both are ReLUs of the same input, so that the text alone cannot distinguish them.
    const taken = new Trained(twins).edit(removed, rename('b', 'a'));
    expect(taken.shown('a')).toBe('b');
    expect(taken.edit(rename('a', 'b')).change(twins).all).toEqual(taken.ran);
    const added: SpecEdit = {
      kind: 'addLayer',
      name: 'n',
      type: 'tanh',
      attributes: {},
      from: [{ layer: 'in' }],
    };
    const other = new Trained(twins).edit(removed, added, rename('n', 'a'));
    expect(other.shown('a')).toBeUndefined();
    const back = other.edit(rename('a', 'n'), { kind: 'removeLayers', names: ['n'], heal: true });
    expect(back.change(twins).all).toEqual(back.ran);
  });

  test('come back when the removal of a renamed layer is undone', () => {
    const trained = new Trained(chain).edit(rename('c', 'x'));
    const { text } = trained;
    trained.edit({ kind: 'removeLayers', names: ['x'], heal: true });
    expect(trained.change(text).shown('x')).toBe('c');
  });

  test('follow a name that a person types everywhere, once nothing refers to the old one', () => {
    const trained = new Trained(chain).change(chain.replace('"a":', '"x":'));
    expect(trained.shown('x')).toBeUndefined();
    expect(trained.change(chain.replaceAll('"a"', '"x"')).shown('x')).toBe('a');
  });

  test('are found again by the text alone although other layers were edited, removed and added', () => {
    const other: SpecEdit = {
      kind: 'addLayer',
      name: 'e',
      type: 'dense',
      attributes: { units: 9 },
      from: [],
    };
    const { text } = new Trained(chain).edit(
      ...[rename('in', 'picture'), rename('d', 'last'), rename('b', 'bend'), other],
      { kind: 'setAttribute', layer: 'c', attribute: 'units', value: 5 },
      { kind: 'removeLayers', names: ['a'], heal: true },
    );
    const trained = new Trained(chain).change(text);
    // What read the removed layer reads another one, so it is another layer for all that the text says.
    expect([trained.shown('picture'), trained.shown('c'), trained.shown('last'), trained.shown('e')]).toEqual(
      ['in', 'c?', 'd', undefined],
    );
  });

  test('follow when all layers get other names at once, and the text is rewritten once for all of them', () => {
    const named = (letter: string) => {
      const layers = Array.from({ length: 100 }, (_, at) => [
        `${letter}${at}`,
        { type: 'relu', from: at === 0 ? 'in' : `${letter}${at - 1}` },
      ]);
      return textOf({ in: vector, ...Object.fromEntries(layers) });
    };
    const trained = new Trained(named('a'));
    const rewritten = vi.spyOn(DocumentText.prototype, 'apply');
    trained.change(named('b'));
    expect(rewritten).toHaveBeenCalledTimes(1);
    expect(trained.all).toEqual(trained.ran);
  });

  test('stay after a reload, from what the window kept or from the text alone', () => {
    const before = new Trained(twins).edit(rename('a', 'x'), rename('b', 'a'), rename('x', 'b'));
    const record = new RunRecord(twins);
    record.names.rename(renaming(JSON.parse(JSON.stringify(before.record.names.renaming))));
    expect(record.text).toBe(before.record.text);
    record.names.follow(undefined, analyze(before.text).spec);
    expect(record.text).toBe(before.text);
  });

  test('follow any sequence of renames, undo and redo', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.constant('rename' as const), fc.nat(9), fc.nat(5)) },
      fc.tuple(fc.constant('undo' as const), fc.nat(9), fc.nat(5)),
      fc.tuple(fc.constant('redo' as const), fc.nat(9), fc.nat(5)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(chain, twins, blocks),
        fc.array(step, { maxLength: 12 }),
        (start, steps) => {
          const trained = new Trained(start);
          const past: string[] = [];
          const future: string[] = [];
          for (const [kind, which, letter] of steps) {
            if (kind === 'rename') {
              const { layers, blocks } = analyze(trained.text).spec;
              const all = [
                ...layers.map(({ name }) => ({ name, block: undefined })),
                ...[...blocks.values()].flatMap(({ name: block, layers }) =>
                  layers.map(({ name }) => ({ name, block })),
                ),
              ];
              const { name, block } = all[which % all.length];
              const outcome = applyEdit(trained.text, rename(name, 'abcdxy'[letter], block));
              if ('problem' in outcome || outcome.changes.length === 0) continue;
              past.push(trained.text);
              future.length = 0;
              trained.change(applyChanges(trained.text, outcome.changes));
            } else {
              const [from, to] = kind === 'undo' ? [past, future] : [future, past];
              const text = from.pop();
              if (text === undefined) continue;
              to.push(trained.text);
              trained.change(text);
            }
            expect(trained.all).toEqual(trained.ran);
            expect(trained.record.text).toBe(trained.text);
          }
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });
});

test('an edit that renames nothing is none: a layer of another kind, other values, or another order', () => {
  const other = chain.replace('"b":', '"x":').replaceAll('"from":"b"', '"from":"x"');
  const differs = [other.replace('"relu"', '"tanh"'), chain.replace('"units":4', '"units":5')];
  for (const text of differs) expect(renamingBetween(analyze(chain).spec, analyze(text).spec)).toEqual([]);
});

test('layers that read each other, last one first, are compared a few times each, and hide no other renaming', () => {
  const length = 300;
  const named = (letter: string, first: string, apart: string) => {
    const layers = Array.from({ length }, (_, at) => [
      `${letter}${at}`,
      { type: 'relu', from: at === 0 ? first : `${letter}${at - 1}` },
    ]);
    const others = { in: vector, other: vector, [apart]: { type: 'tanh', from: 'in' } };
    return analyze(textOf({ ...others, ...Object.fromEntries(layers.reverse()) })).spec;
  };
  const [before, after] = [named('a', 'in', 'aside'), named('b', 'other', 'beside')];
  const described = vi.spyOn(JSON, 'stringify');
  expect(renamingBetween(before, after)).toEqual([{ what: 'layer', from: 'aside', to: 'beside' }]);
  expect(described.mock.calls.length).toBeLessThan(12 * length);
});

test('a finding follows its layer: message, place and fix', () => {
  const trained = new Trained(chain);
  const finding: TrainingEvent = {
    event: 'finding',
    code: 'relu/dead',
    layer: 'b',
    severity: 'warning',
    step: 1,
    evidence: { value: 1, limit: 0.5 },
    message: 'b: all of its units are dead.',
    path: ['layers', 'b'],
    fix: {
      title: 'Replace ReLU with LeakyReLU in "b"',
      edit: { kind: 'setAttribute', layer: 'b', attribute: 'type', value: 'leakyRelu' },
    },
  };
  trained.record.add(finding);
  trained.edit(rename('b', 'bend'));
  const found = trained.record.last('finding')!;
  expect([found.layer, found.message, found.path, found.fix?.title]).toEqual([
    'bend',
    'bend: all of its units are dead.',
    ['layers', 'bend'],
    'Replace ReLU with LeakyReLU in "bend"',
  ]);
  expect(edited(trained.text, found.fix!.edit)).toContain('"bend": {"type":"leakyRelu"');
});

test('a run on disk is listed with the names of now, also in the reason why it failed', () => {
  const trained = new Trained(chain).edit(rename('b', 'bend'));
  const run: RunSummary = {
    folder: 'runs/1',
    state: 'failed',
    epoch: 0,
    step: 3,
    heard: new Date(0),
    plan: undefined,
    result: undefined,
    manifest: undefined,
    end: { event: 'end', reason: 'failed', step: 3, message: 'b: the output is NaN.', path: ['layers', 'b'] },
  };
  const { end } = namedRun(run, trained.record.names);
  expect(end).toMatchObject({
    message: 'b: the output is NaN. "b" is now "bend".',
    path: ['layers', 'bend'],
  });
});

test('a fix that adds, connects and removes layers, in a block and in the network, has the names of now', () => {
  const trained = new Trained(blocks);
  const edit: SpecEdit = {
    kind: 'several',
    edits: [
      {
        kind: 'inBlock',
        block: 'part',
        edit: {
          kind: 'several',
          edits: [
            { kind: 'addLayer', name: 'norm', type: 'batchNorm', attributes: {}, from: [{ layer: 'a' }] },
            { kind: 'connect', from: { layer: 'norm' }, to: 'b', index: 0 },
          ],
        },
      },
      { kind: 'connect', from: { layer: 'in' }, to: 'second', index: 0 },
      { kind: 'removeLayers', names: ['first'], heal: false },
    ],
  };
  trained.record.add({
    ...{
      event: 'finding',
      code: 'x/y',
      severity: 'warning',
      step: 1,
      message: 'm',
      path: ['blocks', 'part', 'a'],
    },
    ...{ evidence: { value: 1, limit: 0 }, fix: { title: 't', edit } },
  });
  trained.edit(rename('a', 'wide', 'part'), rename('in', 'picture'), rename('first', 'one'), {
    kind: 'renameBlock',
    name: 'part',
    newName: 'stage',
  });
  const { fix, path } = trained.record.last('finding')!;
  expect(path).toEqual(['blocks', 'stage', 'wide']);
  const text = edited(trained.text, fix!.edit);
  const undone = [rename('picture', 'in'), rename('wide', 'a', 'stage')].reduce(edited, text);
  expect(undone.replaceAll('"stage"', '"part"')).toBe(edited(blocks, edit));
});
