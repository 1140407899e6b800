/** Layers pasted into the text: on their own lines, indented, with the commas that are needed. */
import { expect, test, vi } from 'vitest';
import { pasteOfLayers } from '../../engine/language/pastedLayers.ts';

const copied = `"relu1": { "type": "relu", "from": "conv1" },
// Halves it.
"pool1": {
      "type": "maxPool2d",
      "from": "relu1"
    }`;

/** "|" is the cursor. */
function paste(text: string, pasted = copied): string | undefined {
  const offset = text.indexOf('|');
  const before = text.replace('|', '');
  const change = pasteOfLayers(before, offset, pasted);
  return change && before.slice(0, change.offset) + change.text + before.slice(change.offset + change.length);
}

const expected = `{
  "layers": {
    "image": { "type": "input", "shape": [4, 4, 1] },
    "relu1": { "type": "relu", "from": "conv1" },
    // Halves it.
    "pool1": {
      "type": "maxPool2d",
      "from": "relu1"
    }
  }
}`;

test.each([
  ['at the end of the last layer', '"image": { "type": "input", "shape": [4, 4, 1] }|'],
  ['in a new line below it', '"image": { "type": "input", "shape": [4, 4, 1] }\n    |'],
  ['in a new line without indentation', '"image": { "type": "input", "shape": [4, 4, 1] }\n|'],
])('layers are pasted %s', (_where, line) => {
  expect(paste(`{\n  "layers": {\n    ${line}\n  }\n}`)).toBe(expected);
});

test('layers are pasted between layers, before the first one, and into an empty section', () => {
  const one = '"relu1": { "type": "relu", "from": "a" },';
  const two = (first: string, second: string) =>
    `{\n  "layers": {\n    ${first}"a": { "type": "input", "shape": [4] },\n    ${second}"b": { "type": "relu", "from": "a" }\n  }\n}`;
  expect(paste(two('', '|'), one)).toBe(two('', `${one}\n    `));
  expect(paste(two('|', ''), one)).toBe(two(`${one}\n    `, ''));
  expect(paste('{\n  "layers": {|}\n}', one)).toBe(
    '{\n  "layers": {\n    "relu1": { "type": "relu", "from": "a" }\n  }\n}',
  );
});

test('pasted layers get names that are free, and read each other by these', () => {
  const text = (added: string) =>
    `{\n  "layers": {\n    "conv1": { "type": "relu" },\n    "relu1": { "type": "relu", "from": "conv1" }${added}\n  }\n}`;
  const pair = '"relu1": { "type": "relu", "from": "conv1" },\n"last": { "type": "relu", "from": ["relu1"] }';
  expect(paste(text('|'), pair)).toBe(
    text(
      ',\n    "relu2": { "type": "relu", "from": "conv1" },\n    "last": { "type": "relu", "from": ["relu2"] }',
    ),
  );
});

test('many layers with names that are taken are read a few times, not once for each', () => {
  const reads = (count: number) => {
    const layers = Array.from({ length: count }, (_, at) => `"relu${at}": { "type": "relu" }`).join(
      ',\n    ',
    );
    const read = vi.spyOn(String.prototype, 'charCodeAt');
    const pasted = paste(`{\n  "layers": {\n    ${layers}|\n  }\n}`, layers);
    const { length } = read.mock.calls;
    read.mockRestore();
    expect(pasted).toContain(`"relu${2 * count - 1}": { "type": "relu" }\n`);
    return length;
  };
  const few = reads(20);
  expect(few).toBeGreaterThan(0);
  expect(reads(40)).toBeLessThan(3 * few);
});

test('a layer may have the name of a setting of the training', () => {
  const layer = '"a": { "type": "input", "shape": [4] }';
  expect(paste(`{ "layers": { ${layer}| } }`, '"loss": { "type": "dense", "units": 2 }')).toContain(
    '"loss": {',
  );
});

test('other text, and layers elsewhere, are pasted as they are', () => {
  const layer = '"a": { "type": "input", "shape": [4] }';
  expect(paste(`{ "layers": { ${layer}| } }`, `${copied}\n`)).toBeUndefined();
  expect(paste(`{ "layers": { ${layer}| } }`, 'relu1')).toBeUndefined();
  expect(paste(`{ "layers": { ${layer}| } }`, '"units": 4')).toBeUndefined();
  const settings = '"data": { "type": "points" },\n"optimizer": { "type": "adam" }';
  expect(paste(`{ "layers": { ${layer}| } }`, settings)).toBeUndefined();
  expect(paste(`{ "layers": { ${layer}| } }`, `"relu1": { "type": "relu" },\n${settings}`)).toBeUndefined();
  expect(paste(`{ "layers": { "a": { | "type": "input", "shape": [4] } } }`)).toBeUndefined();
  expect(paste(`{ |"layers": { ${layer} } }`)).toBeUndefined();
  expect(paste(`{ "layers": { ${layer} |`)).toBeUndefined();
});
