/** Messages of the page are refused if they differ from their declaration, or are too large. */
import assert from 'node:assert/strict';
import { webviewToHost } from '../../engine/protocol/editor.ts';
import { isWithinLimits } from '../../extension/editor/messages.ts';

const { command: readCommand, select: readSelection } = webviewToHost;
const readEdit = webviewToHost.edit.body;

/** `levels` arrays in one another. */
function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}

describe('Messages of the webview', () => {
  it('are dropped when too deep, too long, too many or not plain data', () => {
    assert(isWithinLimits({ id: 1, name: 'edit', body: { revision: 1, edit: { kind: 'clearLayout' } } }));
    for (const hostile of [
      nested(100_000),
      { text: 'x'.repeat(2_000_000) },
      Array.from({ length: 200_000 }, () => 0),
      JSON.parse('{ "__proto__": { "polluted": true } }'),
      new Uint8Array(8),
      { run: () => undefined },
    ])
      assert.equal(isWithinLimits(hostile), false);
  });

  it('pass on only the fields of a known edit', () => {
    const edit = { kind: 'disconnect', to: 'a', index: 0, command: 'rm' };
    assert.deepEqual(readEdit({ revision: 3, edit, more: 1 }), {
      revision: 3,
      edit: { kind: 'disconnect', to: 'a', index: 0 },
    });
  });

  it('are refused when an edit is of no known shape', () => {
    const hostile = [
      undefined,
      null,
      'edit',
      { kind: 'toString' },
      { kind: 'constructor' },
      { kind: 'addLayer', name: 7, type: 'dense', attributes: {}, from: [] },
      { kind: 'addLayer', name: 'a', type: 'dense', attributes: {}, from: [{ layer: {} }] },
      { kind: 'moveLayers', positions: { a: [0, Number.POSITIVE_INFINITY] } },
      { kind: 'moveLayers', positions: { a: [0, 1, 2] } },
      { kind: 'connect', from: { layer: 'a' }, to: 'b', index: -1 },
      { kind: 'removeLayers', names: 'all', heal: true },
      { kind: 'setTraining', path: [{}], value: 1 },
      { kind: 'several', edits: [{ kind: 'clearLayout' }, {}] },
    ];
    for (const edit of hostile) assert.throws(() => readEdit({ revision: 1, edit }), /malformed/);
    assert.throws(() => readEdit({ revision: '1', edit: { kind: 'clearLayout' } }), /malformed/);
  });

  it('run commands of a fixed list only', () => {
    assert.deepEqual(readCommand({ command: 'train', more: 1 }), { command: 'train' });
    for (const command of ['workbench.action.terminal.new', 'netloom.train', '', 1, undefined])
      assert.throws(() => readCommand({ command }), /malformed/);
    assert.throws(() => readSelection({ revision: 1, layers: [1] }), /malformed/);
    assert.throws(() => readSelection({ layers: ['conv1'] }), /malformed/);
  });
});
