/** Edits that add, remove and rename layers, with all references to them. */
import { describe, expect, test } from 'vitest';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { add, changed, check, checkRefused, network, remove } from './editChecks.ts';

describe('adding a layer', () => {
  const line = '"new": { "type": "dense", "units": 2 }';

  test('gives it its own line at the end, after the comment of the last layer', () => {
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

  test('is refused if the name is taken or invalid', () => {
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
    const text = (...lines: readonly string[]) => `{ "layers": {\n${lines.join('\n')}\n} }`;
    const layer = (name: string) => `"${name}": { "type": "relu" }`;
    const all = text(`  ${layer('a')}`, '  // A note.', `, ${layer('b')}`, `, ${layer('c')} // end`);
    check(all, remove(['b']), text(`  ${layer('a')}`, `, ${layer('c')} // end`));
    check(all, remove(['a']), text('  // A note.', layer('b'), `, ${layer('c')} // end`));
    check(all, remove(['c', 'b']), text(`  ${layer('a')}`));
    const added = '  , "n": { "type": "dense", "from": "c", "units": 2 }'.trimStart();
    check(all, add('n', ['c']), all.replace('// end', `// end\n${added}`));
  });

  test('takes its comments on the same line, and leaves those of its neighbours', () => {
    const text = (inside: string) => `{ "layers": { ${inside} } }`;
    const both = text('"a": { "type": "relu" } /* one */, /* two */ "b": { "type": "relu" }');
    check(both, remove(['a']), text('/* two */ "b": { "type": "relu" }'));
    check(both, remove(['b']), text('"a": { "type": "relu" } /* one */'));
    const behind = text('"a": { "type": "relu" } /* one */');
    const added = text('"a": { "type": "relu" } /* one */, "n": { "type": "dense", "units": 2 }');
    check(behind, add('n'), added);
    check(added, remove(['n']), behind);
  });

  test('leaves no comma behind in a layer that loses its input and the owner of its parameters', () => {
    check(
      '{ "layers": { "a": { "type": "dense" }, "b": { "type": "dense", "from": "a", "shares": "a" } } }',
      remove(['a']),
      '{ "layers": { "b": { "type": "dense" } } }',
    );
  });

  test('leaves one blank line of two, and none at the beginning or the end', () => {
    const text = (...lines: readonly string[]) => `{ "layers": {\n${lines.join('\n')}\n} }`;
    const [a, b, c] = ['a', 'b', 'c'].map((name) => `  "${name}": { "type": "relu" }`);
    const all = text(`${a},`, '', `${b},`, '', c);
    check(all, remove(['a']), text(`${b},`, '', c));
    check(all, remove(['b']), text(`${a},`, '', c));
    check(all, remove(['c']), text(`${a},`, '', b));
    check(all, remove(['a', 'b']), text(c));
  });

  test('removes its position, and the section "layout" with the last position', () => {
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

  test('leaves no blank before the end of a list whose last entries go', () => {
    const reads = (list: string) =>
      `{ "layers": { "a": { "type": "add" }, "b": { "type": "add" }, "c": { "type": "add" }, "all": { "from": ${list} } } }`;
    for (const [list, left] of [
      ['["a", "x", "b", "c"]', '["a", "x"]'],
      ['[ "a", "x", "b", "c" ]', '[ "a", "x" ]'],
      ['["x", "a", "y", "b", "c"]', '["x", "a", "y"]'],
      ['["b", "a", "x", "c", "b"]', '["a", "x"]'],
    ] as const)
      check(
        reads(list),
        { kind: 'removeLayers', names: ['b', 'c'], heal: false },
        `{ "layers": { "a": { "type": "add" }, "all": { "from": ${left} } } }`,
      );
  });
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
