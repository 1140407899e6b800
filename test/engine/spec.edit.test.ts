import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutputRef, TextChange } from '../../engine/spec/document.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { parse } from '../../engine/spec/parse.ts';
import { printReference } from '../../engine/spec/reference.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';

// One seed, so that a failure is the same for everybody; a failing example prints how to replay it.
fc.configureGlobal({ seed: 20261123 });

/** The edit turns one text into the other, and can be taken back. */
function check(before: string, edit: SpecEdit, after: string): void {
  const result = applyEdit(before, edit);
  if ('problem' in result) throw new Error(result.problem);
  expect(applyChanges(before, result.changes)).toBe(after);
  expect(undo(before, result.changes)).toBe(before);
}

function checkRefused(text: string, edit: SpecEdit, message: RegExp): void {
  expect(applyEdit(text, edit)).toEqual({ problem: expect.stringMatching(message) });
}

/** Does and undoes, as an editor does. */
function undo(text: string, changes: readonly TextChange[]): string {
  let shift = 0;
  const reverse = changes.map(({ offset, length, text: added }) => {
    const change = {
      offset: offset + shift,
      length: added.length,
      text: text.slice(offset, offset + length),
    };
    shift += added.length - length;
    return change;
  });
  return applyChanges(applyChanges(text, changes), reverse);
}

const add = (name: string, from: readonly string[] = [], position?: readonly [number, number]): SpecEdit => ({
  kind: 'addLayer',
  name,
  type: 'dense',
  attributes: { units: 2 },
  from: from.map((layer) => ({ layer })),
  ...(position ? { position } : {}),
});
const remove = (names: readonly string[], heal = false): SpecEdit => ({ kind: 'removeLayers', names, heal });

const network = `{
  // A network.
  "format": 1,
  "layers": {
    // where data enters
    "in":  { "type": "input", "shape": [4] }, // four
    "one": { "type": "dense", "from": "in", "units": 1 }, /* narrow */
    "two": { "type": "dense", "from": "one", "units": 2 }, // wide
    "sum": { "type": "add", "from": ["one", "two"] } // both
  },
  "training": {
    "loss": { "type": "meanSquaredError", "from": "sum" },
    "optimizer": "sgd"
  }
}
`;

const changed = (...replacements: readonly (readonly [string, string])[]): string =>
  replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, network);

describe('adding a layer', () => {
  const line = '"new": { "type": "dense", "units": 2 }';

  test('gives it a line of its own at the end, behind the comment of the last', () => {
    check(
      network,
      add('new'),
      changed(['["one", "two"] } // both', `["one", "two"] }, // both\n    ${line}`]),
    );
  });

  test('puts it below the layer it reads', () => {
    check(
      network,
      add('new', ['one']),
      changed([' /* narrow */', ' /* narrow */\n    "new": { "type": "dense", "from": "one", "units": 2 },']),
    );
  });

  test('aligns it with its neighbours', () => {
    check(
      network,
      { kind: 'addLayer', name: 'b', type: 'relu', attributes: {}, from: [{ layer: 'in' }] },
      changed(['// four', '// four\n    "b":   { "type": "relu", "from": "in" },']),
    );
  });

  test('starts the layout at the end of the file when it is given a place', () => {
    check(
      network,
      add('new', [], [10.4, -20]),
      changed(
        ['["one", "two"] } // both', `["one", "two"] }, // both\n    ${line}`],
        ['  }\n}\n', '  },\n  "layout": {\n    "new": [10, -20]\n  }\n}\n'],
      ),
    );
  });

  test('keeps the comma after the last layer where the text has one', () => {
    check(
      '{\n\t"layers": {\n\t\t"a": { "type": "relu" }, // x\n\t}\n}',
      add('new'),
      `{\n\t"layers": {\n\t\t"a": { "type": "relu" }, // x\n\t\t${line},\n\t}\n}`,
    );
  });

  test('follows the ends of lines and the indentation', () => {
    check('{\r\n    "layers": {}\r\n}', add('new'), `{\r\n    "layers": {\r\n        ${line}\r\n    }\r\n}`);
  });

  test('stays on the line of a one-line text', () => {
    check(
      '{ "layers": { "a": { "type": "relu" } } }',
      add('new'),
      `{ "layers": { "a": { "type": "relu" }, ${line} } }`,
    );
    check('{ "layers": {} }', add('new'), `{ "layers": { ${line} } }`);
    check('{"layers":{}}', add('new'), `{"layers":{ ${line} }}`);
  });

  test('starts a network in an empty file and below a comment', () => {
    const start = `{\n  "format": 1,\n  "layers": {\n    ${line}\n  }\n}\n`;
    check('', add('new'), start);
    check(' \n', add('new'), start);
    check('// mine', add('new'), `// mine\n${start}`);
  });

  test('keeps a comment that is alone among the layers', () => {
    check(
      '{\n  "layers": {\n    // none yet\n  }\n}',
      add('new'),
      `{\n  "layers": {\n    // none yet\n    ${line}\n  }\n}`,
    );
    check('{ "layers": { /* none */ } }', add('new'), `{ "layers": { /* none */ ${line} } }`);
  });

  test('adds the section when there is none', () => {
    check(
      '{\n  "format": 1,\n  "training": {}\n}',
      add('new'),
      `{\n  "format": 1,\n  "layers": {\n    ${line}\n  },\n  "training": {}\n}`,
    );
    check('{}', add('new'), `{\n  "layers": {\n    ${line}\n  }\n}`);
  });

  test('is refused for a name that is taken or is none', () => {
    checkRefused(network, add('one'), /already/);
    checkRefused(network, add('a.b'), /letters/);
    checkRefused(network, add('__proto__'), /reserved/);
    checkRefused(
      network,
      { kind: 'addLayer', name: 'x', type: 'dense', attributes: { units: Number.NaN }, from: [] },
      /cannot be written/,
    );
  });
});

describe('removing layers', () => {
  const oneLine = '    "one": { "type": "dense", "from": "in", "units": 1 }, /* narrow */\n';
  const twoLine = '    "two": { "type": "dense", "from": "one", "units": 2 }, // wide\n';

  test('takes the line and its comment, and joins its readers with what it read', () => {
    check(
      network,
      remove(['one'], true),
      changed([oneLine, ''], ['"from": "one"', '"from": "in"'], ['["one", "two"]', '["in", "two"]']),
    );
  });

  test('heals through several removed layers', () => {
    check(
      network,
      remove(['one', 'two'], true),
      changed([oneLine, ''], [twoLine, ''], ['["one", "two"]', '["in", "in"]']),
    );
  });

  test('without healing leaves its readers without it', () => {
    check(
      network,
      remove(['one']),
      changed([oneLine, ''], [', "from": "one"', ''], ['["one", "two"]', '"two"']),
    );
  });

  test('takes the comma from the layer that is then the last', () => {
    check(
      network,
      remove(['sum'], true),
      changed(
        ['    "sum": { "type": "add", "from": ["one", "two"] } // both\n', ''],
        ['"units": 2 }, // wide', '"units": 2 } // wide'],
      ),
    );
  });

  test('works on one line', () => {
    const line =
      '{ "layers": { "a": { "type": "relu" }, "b": { "type": "relu" }, "c": { "type": "relu" } } }';
    check(line, remove(['a']), '{ "layers": { "b": { "type": "relu" }, "c": { "type": "relu" } } }');
    check(line, remove(['b']), '{ "layers": { "a": { "type": "relu" }, "c": { "type": "relu" } } }');
    check(line, remove(['c']), '{ "layers": { "a": { "type": "relu" }, "b": { "type": "relu" } } }');
    check(line, remove(['a', 'b', 'c']), '{ "layers": {} }');
  });

  test('works where commas stand first', () => {
    const start = '{ "layers": {\n  "a": { "type": "relu" }\n,';
    const text = `${start} "b": { "type": "relu" }\n, "c": { "type": "relu" }\n} }`;
    check(text, remove(['b']), `${start}\n "c": { "type": "relu" }\n} }`);
  });

  test('takes its place in the layout, and the layout with its last place', () => {
    const placed = changed([
      '    "optimizer": "sgd"\n  }\n',
      '    "optimizer": "sgd"\n  },\n  "layout": {\n    "one": [0, 0],\n    "two": [1, 1]\n  }\n',
    ]);
    const result = applyEdit(placed, remove(['two'], true));
    if ('problem' in result) throw new Error(result.problem);
    const after = applyChanges(placed, result.changes);
    expect(after).toContain('"layout": {\n    "one": [0, 0]\n  }');
    const again = applyEdit(after, remove(['one'], true));
    if ('problem' in again) throw new Error(again.problem);
    expect(applyChanges(after, again.changes)).toMatch(/"optimizer": "sgd"\n {2}}\n}\n$/);
  });

  test('frees a layer that used its parameters', () => {
    const shared = changed(['"from": "one", "units": 2', '"from": "one", "units": 2, "shares": "one"']);
    const result = applyEdit(shared, remove(['one'], true));
    expect('changes' in result && applyChanges(shared, result.changes)).not.toContain('shares');
  });

  test('is refused for a layer that is not there', () =>
    checkRefused(network, remove(['three']), /no layer "three"/));
});

describe('renaming a layer', () => {
  test('renames every reference to it', () => {
    const text = changed(
      ['"from": "one", "units": 2', '"from": "one.state", "units": 2, "shares": "one"'],
      ['"optimizer": "sgd"\n  }', '"optimizer": "sgd"\n  },\n  "layout": { "one": [0, 0] }'],
    );
    check(
      text,
      { kind: 'renameLayer', name: 'one', newName: 'first' },
      text
        .replace('"one": { "type"', '"first": { "type"')
        .replace('"one.state"', '"first.state"')
        .replace('"shares": "one"', '"shares": "first"')
        .replace('["one", "two"]', '["first", "two"]')
        .replace('{ "one": [0', '{ "first": [0'),
    );
  });

  test('renames it in the loss', () => {
    check(
      network,
      { kind: 'renameLayer', name: 'sum', newName: 'out' },
      changed(['"sum": {', '"out": {'], ['"from": "sum"', '"from": "out"']),
    );
  });

  test('keeps the column of aligned values where the name leaves room', () => {
    check(
      network,
      { kind: 'renameLayer', name: 'two', newName: 'b' },
      changed(['"two": {', '"b":   {'], ['"two"]', '"b"]']),
    );
  });

  test('is refused for a name that is taken', () => {
    checkRefused(network, { kind: 'renameLayer', name: 'one', newName: 'two' }, /already/);
    checkRefused(network, { kind: 'renameLayer', name: 'one', newName: 'prototype' }, /reserved/);
  });
});

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
  test('changes nothing when it is so already', () => {
    expect(applyEdit(network, set('in', 'shape', [4]))).toEqual({ changes: [] });
    expect(applyEdit(network, set('in', 'absent', undefined))).toEqual({ changes: [] });
  });
  test('is refused for what no file can hold', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [Number.NaN, () => 1, cycle, { ['__proto__']: 1 }, [undefined]])
      checkRefused(network, set('one', 'units', value), /cannot be written/);
    checkRefused(network, set('one', '__proto__', 1), /cannot be written/);
    checkRefused(network, set('one', 'type', undefined), /needs its type/);
  });
});

describe('connecting', () => {
  const connect = (from: OutputRef, to: string, index: number): SpecEdit => ({
    kind: 'connect',
    from,
    to,
    index,
  });

  test('writes "from" behind the type of a layer that read nothing', () => {
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
  test('makes a list of a second input and lengthens a list', () => {
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
  test('is refused at a place there is not', () => {
    checkRefused(network, connect({ layer: 'in' }, 'sum', 3), /no/);
    checkRefused(network, connect({ layer: 'none' }, 'sum', 0), /no layer/);
    checkRefused(network, { kind: 'disconnect', to: 'sum', index: 2 }, /none to remove/);
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
  test('creates what lies on the way', () => {
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

  test('is left as it is when one of several edits fails', () => {
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

/** A network as a plain list, edited by the plainest means: what the text must come to mean. */
interface Model {
  readonly layers: ReadonlyMap<string, { readonly units: number; readonly from: readonly string[] }>;
  readonly layout: ReadonlyMap<string, readonly [number, number]>;
}

const modelOf = (text: string): Model => {
  const { spec, readable } = parse(text);
  expect(readable, text).toBe(true);
  return {
    layers: new Map(
      spec.layers.map(({ name, from, given }) => [
        name,
        { units: given.units as number, from: from.map(printReference) },
      ]),
    ),
    layout: spec.layout,
  };
};

function edited({ layers, layout }: Model, edit: SpecEdit): Model {
  const next = new Map(layers);
  const places = new Map(layout);
  const layer = (name: string) => next.get(name)!;
  if (edit.kind === 'addLayer') {
    next.set(edit.name, { units: edit.attributes.units as number, from: edit.from.map(printReference) });
    if (edit.position) places.set(edit.name, edit.position);
  } else if (edit.kind === 'removeLayers') {
    const gone = (name: string) => edit.names.includes(name);
    for (const [reader, value] of next) {
      let from = value.from;
      for (let hop = 0; hop < names.length; hop++)
        from = from.flatMap((source) =>
          !gone(source) ? [source] : edit.heal && layer(source).from.length === 1 ? layer(source).from : [],
        );
      if (!gone(reader)) next.set(reader, { ...value, from: from.filter((source) => !gone(source)) });
    }
    for (const name of edit.names) {
      next.delete(name);
      places.delete(name);
    }
  } else if (edit.kind === 'renameLayer') {
    const renamed = (name: string) => (name === edit.name ? edit.newName : name);
    return {
      layers: new Map(
        [...next].map(([name, value]) => [renamed(name), { ...value, from: value.from.map(renamed) }]),
      ),
      layout: new Map([...places].map(([name, place]) => [renamed(name), place])),
    };
  } else if (edit.kind === 'connect') {
    const from = [...layer(edit.to).from];
    from[edit.index] = printReference(edit.from);
    next.set(edit.to, { ...layer(edit.to), from });
  } else if (edit.kind === 'disconnect') {
    next.set(edit.to, {
      ...layer(edit.to),
      from: layer(edit.to).from.filter((_, index) => index !== edit.index),
    });
  } else if (edit.kind === 'setAttribute')
    next.set(edit.layer, { ...layer(edit.layer), units: edit.value as number });
  else if (edit.kind === 'moveLayers')
    for (const [name, place] of Object.entries(edit.positions)) places.set(name, place);
  else if (edit.kind === 'clearLayout') places.clear();
  return { layers: next, layout: places };
}

const names = ['a', 'bb', 'c_3', 'd-d-d', 'ü'];
const position = fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }));

/** Texts of the same network in many styles: in lines or not, aligned or not, commas and comments here and there. */
const styledText = fc
  .record({
    layers: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom(...names),
        units: fc.integer({ min: 1, max: 99 }),
        from: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
        comment: fc.constantFrom('', ' // end', ' /* end */'),
        above: fc.constantFrom('', '// above', '/* two\nlines */'),
        breaks: fc.boolean(),
        listed: fc.boolean(),
      }),
      { selector: ({ name }) => name },
    ),
    layout: fc.option(fc.dictionary(fc.constantFrom(...names), position, { noNullPrototype: true })),
    inLines: fc.boolean(),
    unit: fc.constantFrom('  ', '\t', '    '),
    endOfLine: fc.constantFrom('\n', '\r\n'),
    lastComma: fc.boolean(),
    column: fc.constantFrom(0, 8),
    commaFirst: fc.boolean(),
  })
  .map(({ layers, layout, inLines, unit, endOfLine, lastComma, column, commaFirst }) => {
    const line = (depth: number) => (inLines ? endOfLine + unit.repeat(depth) : ' ');
    const entries = layers.map(({ name, units, from, comment, above, breaks, listed }, index) => {
      const source =
        from.length === 0
          ? ''
          : from.length === 1 && !listed
            ? `"from": "${from[0]}", `
            : `"from": [${from.map((one) => `"${one}"`).join(', ')}], `;
      const inner = breaks && inLines ? line(3) : ' ';
      const comma = index < layers.length - 1 || lastComma ? ',' : '';
      const remark = inLines ? comment : comment.replace(' // end', '');
      const value = `${`"${name}": `.padEnd(column)}{${inner}"type": "dense", ${source}"units": ${units}${breaks && inLines ? line(2) : ' '}}`;
      const before = above !== '' && inLines ? line(2) + above : '';
      return commaFirst && inLines
        ? `${before}${line(2)}${index > 0 ? ', ' : ''}${value}${remark}`
        : `${before}${line(2)}${value}${comma}${remark}`;
    });
    const places = layout
      ? Object.entries(layout).map(([name, [x, y]]) => `${line(2)}"${name}": [${x}, ${y}]`)
      : [];
    const section = layout ? `,${line(1)}"layout": {${places.join(',')}${line(1)}}` : '';
    return `{${line(1)}"layers": {${entries.join('')}${line(1)}}${section}${line(0)}}`;
  });

const anyEdit: fc.Arbitrary<SpecEdit> = fc.oneof(
  fc.record({
    kind: fc.constant('addLayer' as const),
    name: fc.constantFrom('n', 'a-long-name'),
    type: fc.constant('dense'),
    attributes: fc.record({ units: fc.integer({ min: 1, max: 99 }) }),
    from: fc.array(
      fc.constantFrom(...names).map((layer) => ({ layer })),
      { maxLength: 2 },
    ),
    position,
  }),
  fc.record({
    kind: fc.constant('removeLayers' as const),
    names: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
    heal: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('renameLayer' as const),
    name: fc.constantFrom(...names),
    newName: fc.constantFrom('n', 'a-long-name'),
  }),
  fc.record({
    kind: fc.constant('setAttribute' as const),
    layer: fc.constantFrom(...names),
    attribute: fc.constant('units'),
    value: fc.integer({ min: 1, max: 99 }),
  }),
  fc.record({
    kind: fc.constant('connect' as const),
    from: fc.constantFrom(...names).map((layer) => ({ layer })),
    to: fc.constantFrom(...names),
    index: fc.nat(3),
  }),
  fc.record({ kind: fc.constant('disconnect' as const), to: fc.constantFrom(...names), index: fc.nat(3) }),
  fc.record({
    kind: fc.constant('moveLayers' as const),
    positions: fc.dictionary(fc.constantFrom(...names), position, { noNullPrototype: true }),
  }),
  fc.record({ kind: fc.constant('clearLayout' as const) }),
);

/** Can this edit be made on this network? Otherwise it must be refused. */
function fits({ layers }: Model, edit: SpecEdit): boolean {
  if (edit.kind === 'removeLayers') return edit.names.every((name) => layers.has(name));
  if (edit.kind === 'renameLayer') return layers.has(edit.name);
  if (edit.kind === 'setAttribute') return layers.has(edit.layer);
  if (edit.kind === 'connect')
    return layers.has(edit.from.layer) && (layers.get(edit.to)?.from.length ?? -1) >= edit.index;
  if (edit.kind === 'disconnect') return (layers.get(edit.to)?.from.length ?? 0) > edit.index;
  return edit.kind !== 'moveLayers' || Object.keys(edit.positions).every((name) => layers.has(name));
}

/** Names of layers whose own text an edit may change. */
function concerned({ layers }: Model, edit: SpecEdit): Set<string> {
  const readers = (name: string) =>
    [...layers].filter(([, { from }]) => from.includes(name)).map(([reader]) => reader);
  if (edit.kind === 'removeLayers') return new Set(edit.names.flatMap((name) => [name, ...readers(name)]));
  if (edit.kind === 'renameLayer') return new Set([edit.name, ...readers(edit.name)]);
  if (edit.kind === 'setAttribute') return new Set([edit.layer]);
  return new Set(edit.kind === 'connect' || edit.kind === 'disconnect' ? [edit.to] : []);
}

function layerTexts(text: string): Map<string, string> {
  const { source, spec } = parse(text);
  const section = source.node(['layers'])!;
  return new Map(
    spec.layers.map(({ name }) => {
      const { offset, length } = source.property(section, name)!;
      return [name, text.slice(offset, offset + length)];
    }),
  );
}

describe('any edit of any network in any style', () => {
  const aboveComments = /\/\/ above|\/\* two\nlines \*\//g;

  test('means what it says, leaves the rest alone, and can be undone', () => {
    fc.assert(
      fc.property(styledText, anyEdit, (text, edit) => {
        const before = modelOf(text);
        const result = applyEdit(text, edit);
        expect('changes' in result, JSON.stringify(result)).toBe(fits(before, edit));
        if (!('changes' in result)) return;
        const after = applyChanges(text, result.changes);
        const expected = edited(before, edit);
        expect(modelOf(after)).toEqual(expected);
        expect(undo(text, result.changes)).toBe(text);
        const touched = concerned(before, edit);
        for (const [name, own] of layerTexts(text))
          if (!touched.has(name)) expect(layerTexts(after).get(name)).toBe(own);
        expect(after.match(aboveComments)).toEqual(text.match(aboveComments));
        const isStrict = (candidate: string) => !/,\s*(?:\/\/.*\s*|\/\*[^*]*\*\/\s*)*[}\]]/.test(candidate);
        if (isStrict(text)) expect(isStrict(after), after).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test('changes nothing twice: removing what was added restores the text', () => {
    fc.assert(
      fc.property(styledText, (text) => {
        const added = applyEdit(text, add('n'));
        if ('problem' in added) throw new Error(added.problem);
        const between = applyChanges(text, added.changes);
        const removed = applyEdit(between, remove(['n']));
        if ('problem' in removed) throw new Error(removed.problem);
        const after = applyChanges(between, removed.changes);
        if (modelOf(text).layers.size > 0) expect(after).toBe(text);
        expect(modelOf(after)).toEqual(modelOf(text));
      }),
      { numRuns: 500 },
    );
  });
});
