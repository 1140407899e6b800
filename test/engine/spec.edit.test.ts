/** Edits of attributes, connections, positions and training change the smallest part of the text. */
import { describe, expect, test } from 'vitest';
import type { OutputRef } from '../../engine/spec/document.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { add, changed, check, checkRefused, network } from './editChecks.ts';

describe('setting an attribute', () => {
  const set = (layer: string, attribute: string, value: unknown): SpecEdit => ({
    kind: 'setAttribute',
    layer,
    attribute,
    value,
  });

  test('changes its value only', () =>
    check(network, set('one', 'units', 16), changed(['"units": 1 }', '"units": 16 }'])));
  test('adds it at the end of the layer', () =>
    check(
      network,
      set('one', 'useBias', false),
      changed(['"units": 1 }', '"units": 1, "useBias": false }']),
    ));
  test('is not put into a column because a comment is before a value', () => {
    const text = '{ "layers": { "a": { "type": "relu", "from": /* b */ "a" } } }';
    check(text, set('a', 'l2', 0.1), text.replace('"a" }', '"a", "l2": 0.1 }'));
  });
  test('removes it to restore the default', () =>
    check(network, set('one', 'units', undefined), changed([', "units": 1 }', ' }'])));
  test('writes lists and kinds', () => {
    check(network, set('in', 'shape', [28, 28]), changed(['[4]', '[28, 28]']));
    check(
      network,
      set('one', 'kernelInitializer', { type: 'constant', value: 2 }),
      changed(['"units": 1 }', '"units": 1, "kernelInitializer": { "type": "constant", "value": 2 } }']),
    );
  });
  test('changes nothing if the value is the same', () => {
    expect(applyEdit(network, set('in', 'shape', [4]))).toEqual({ changes: [] });
    expect(applyEdit(network, set('in', 'absent', undefined))).toEqual({ changes: [] });
  });
  test('of several layers, and twice of one, changes what one edit after the other would', () => {
    const edits = [
      set('one', 'units', 16),
      set('in', 'shape', [28, 28]),
      set('one', 'useBias', false),
      set('one', 'units', undefined),
    ];
    const inTurn = edits.reduce((text, edit) => {
      const outcome = applyEdit(text, edit);
      if ('problem' in outcome) throw new Error(outcome.problem);
      return applyChanges(text, outcome.changes);
    }, network);
    check(network, { kind: 'several', edits }, inTurn);
    checkRefused(
      network,
      { kind: 'several', edits: [...edits, set('absent', 'units', 1)] },
      /no layer "absent"/,
    );
  });
  test('is refused for a value that JSON cannot express', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [Number.NaN, () => 1, cycle, { ['__proto__']: 1 }, [undefined]])
      checkRefused(network, set('one', 'units', value), /cannot be written/);
    checkRefused(network, set('one', '__proto__', 1), /cannot be written/);
    checkRefused(network, set('one', 'type', undefined), /needs a type/);
  });
});

describe('connecting', () => {
  const connect = (from: OutputRef, to: string, index: number): SpecEdit => ({
    kind: 'connect',
    from,
    to,
    index,
  });

  test('writes "from" after the type of a layer that read nothing', () => {
    check(changed([', "from": "one"', '']), connect({ layer: 'one' }, 'two', 0), network);
  });
  test('replaces an input', () => {
    check(network, connect({ layer: 'in' }, 'sum', 1), changed(['["one", "two"]', '["one", "in"]']));
    check(
      network,
      connect({ layer: 'in', output: 'state' }, 'two', 0),
      changed(['"from": "one"', '"from": "in.state"']),
    );
  });
  test('turns a second input into a list, and extends a list', () => {
    check(network, connect({ layer: 'in' }, 'two', 1), changed(['"from": "one"', '"from": ["one", "in"]']));
    check(network, connect({ layer: 'in' }, 'sum', 2), changed(['["one", "two"]', '["one", "two", "in"]']));
  });
  test('keeps the form and comments of a list in lines', () => {
    const list = '[\n      "one", // 1\n      "two" // 2\n    ]';
    check(
      changed(['["one", "two"]', list]),
      connect({ layer: 'in' }, 'sum', 2),
      changed(['["one", "two"]', '[\n      "one", // 1\n      "two", // 2\n      "in"\n    ]']),
    );
  });
  test('is undone by disconnecting', () => {
    check(network, { kind: 'disconnect', to: 'sum', index: 0 }, changed(['["one", "two"]', '"two"']));
    check(network, { kind: 'disconnect', to: 'two', index: 0 }, changed([', "from": "one"', '']));
    check(
      changed(['["one", "two"]', '["one", "two", "in"]']),
      { kind: 'disconnect', to: 'sum', index: 1 },
      changed(['["one", "two"]', '["one", "in"]']),
    );
  });
  test('is refused for an input that does not exist', () => {
    checkRefused(network, connect({ layer: 'in' }, 'sum', 3), /no/);
    checkRefused(network, connect({ layer: 'none' }, 'sum', 0), /no layer/);
    checkRefused(network, { kind: 'disconnect', to: 'sum', index: 2 }, /no input 3 to remove/);
  });
});

describe('moving layers', () => {
  const placed = '{\n  "layers": { "a": {}, "b": {} },\n  "layout": {\n    "a": [0, 0] // here\n  }\n}';

  test('changes places and adds new ones', () => {
    check(
      placed,
      { kind: 'moveLayers', positions: { a: [1.6, 2], b: [3, 4] } },
      '{\n  "layers": { "a": {}, "b": {} },\n  "layout": {\n    "a": [2, 2], // here\n    "b": [3, 4]\n  }\n}',
    );
  });
  test('can be cleared altogether', () => {
    check(placed, { kind: 'clearLayout' }, '{\n  "layers": { "a": {}, "b": {} }\n}');
    expect(applyEdit(network, { kind: 'clearLayout' })).toEqual({ changes: [] });
  });
});

describe('setting up training', () => {
  const set = (path: (string | number)[], value: unknown): SpecEdit => ({ kind: 'setTraining', path, value });

  test('changes, adds and removes a setting', () => {
    check(network, set(['optimizer'], 'adam'), changed(['"sgd"', '"adam"']));
    check(network, set(['epochs'], 9), changed(['"sgd"\n', '"sgd",\n    "epochs": 9\n']));
    check(network, set(['optimizer'], undefined), changed(['"sum" },\n    "optimizer": "sgd"', '"sum" }']));
  });
  test('opens a kind that is written as its type alone', () => {
    check(
      network,
      set(['optimizer', 'momentum'], 0.9),
      changed(['"sgd"', '{ "type": "sgd", "momentum": 0.9 }']),
    );
  });
  test('creates missing objects on the path', () => {
    check(
      network,
      set(['earlyStopping', 'patience'], 2),
      changed(['"sgd"\n', '"sgd",\n    "earlyStopping": { "patience": 2 }\n']),
    );
    check(
      '{\n  "layers": {},\n  "layout": {}\n}',
      set(['epochs'], 2),
      '{\n  "layers": {},\n  "training": {\n    "epochs": 2\n  },\n  "layout": {}\n}',
    );
  });
  test('reaches into a list of losses', () => {
    const list = '[{ "type": "huber", "from": "a" }]';
    check(
      `{ "training": { "loss": ${list} } }`,
      set(['loss', 0, 'weight'], 2),
      '{ "training": { "loss": [{ "type": "huber", "from": "a", "weight": 2 }] } }',
    );
    check(
      `{ "training": { "loss": ${list} } }`,
      set(['loss', 1], { type: 'x' }),
      `{ "training": { "loss": [{ "type": "huber", "from": "a" }, { "type": "x" }] } }`,
    );
    checkRefused(`{ "training": { "loss": ${list} } }`, set(['loss', 5], 1), /no such entry/);
  });
});

describe('a text that cannot be edited', () => {
  test.each(['{ "layers": ', '[]', 'noise', '{ "layers": [] }', '{ "layers": 5 }', '<<<<<<< a\n{}'])(
    'is left as it is: %s',
    (text) => {
      checkRefused(text, add('new'), /Fix it/);
    },
  );

  test('is not changed if one of several edits fails', () => {
    checkRefused(network, { kind: 'several', edits: [add('new'), add('new')] }, /already/);
  });
});

test('several edits are one gesture', () => {
  check(
    network,
    {
      kind: 'several',
      edits: [add('new', ['one']), { kind: 'connect', from: { layer: 'new' }, to: 'two', index: 0 }],
    },
    changed(
      [' /* narrow */', ' /* narrow */\n    "new": { "type": "dense", "from": "one", "units": 2 },'],
      ['"from": "one", "units": 2 }, // wide', '"from": "new", "units": 2 }, // wide'],
    ),
  );
});
