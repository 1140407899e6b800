/** Formatting, folding, and data files that are dropped on a network. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { editsForFiles } from '../../engine/language/dataFiles.ts';
import { foldsOf } from '../../engine/language/folding.ts';
import { formatChanges } from '../../engine/language/format.ts';
import { tokensOf } from '../../engine/language/tokens.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { templates } from '../../engine/templates/registry.ts';
import { seed } from '../hostile/effort.ts';
import { networkOf, small } from './languageSupport.ts';

const style = { unit: '  ', endOfLine: '\n' };
const format = (text: string, own = style) => applyChanges(text, formatChanges(text, own));

const examples = path.resolve(import.meta.dirname, '../../examples');
const written = [
  ...readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.nn.json'))
    .map((name) => [name, readFileSync(path.join(examples, name), 'utf8')] as const),
  ...templates.map(({ type, text }) => [type, text] as const),
];

describe('formatting', () => {
  test.each(written)('leaves %s as it was written', (_name, text) => expect(format(text)).toBe(text));

  test('puts each layer on one line, and each section on its own lines', () => {
    const spread = JSON.stringify(JSON.parse(small), null, 4);
    const formatted = format(spread);
    expect(formatted).toContain(
      '\n    "conv1": { "type": "conv2d", "from": "image", "filters": 4, "kernelSize": 3 },\n',
    );
    expect(formatted).toContain('    "image": { "type": "input", "shape": [8, 8, 1] },');
    expect(format(JSON.stringify(JSON.parse(small)))).toBe(
      small
        .replace(/"loss": \[[^\]]*\]/, (loss) =>
          loss.replace(/\[\s+/, '[').replace(/,\s+/g, ', ').replace(/\s+\]/, ']'),
        )
        .replace('{ "conv1": [0, 100] }', '{\n    "conv1": [0, 100]\n  }')
        .trimEnd(),
    );
  });

  test('keeps a layer with a comment to the end of a line in lines', () => {
    const text = `{"layers":{"a":{"type":"input", // what comes in
"shape":[2]}, // two numbers

// the end
"b":{"type":"relu","from":"a"/* all */}}}`;
    expect(format(text)).toBe(`{
  "layers": {
    "a": {
      "type": "input", // what comes in
      "shape": [2]
    }, // two numbers

    // the end
    "b": { "type": "relu", "from": "a" /* all */ }
  }
}`);
  });

  test('leaves a comment at the bracket of a list, where an edit puts it that removes the first entry', () => {
    const text = `{
  "layers": {
    "in": { "type": "input", "shape": [2] },
    "on": { "type": "relu", "from": "in" },
    "sum": { "type": "add", "from": ["in", /* twice */ "on", "on"] }
  }
}
`;
    expect(format(text)).toBe(text);
    const outcome = applyEdit(text, { kind: 'disconnect', to: 'sum', index: 0 });
    if ('problem' in outcome) throw new Error(outcome.problem);
    const after = applyChanges(text, outcome.changes);
    expect(after).toContain('[/* twice */ "on", "on"]');
    expect(format(after)).toBe(after);
  });

  test('follows tabs, other widths and other line ends', () => {
    const text = '{"layers":{"a":{"type":"input","shape":[2]}}}\r\n';
    expect(format(text, { unit: '\t', endOfLine: '\r\n' })).toBe(
      '{\r\n\t"layers": {\r\n\t\t"a": { "type": "input", "shape": [2] }\r\n\t}\r\n}\r\n',
    );
  });

  test('does not change a text with a syntax error', () => {
    expect(formatChanges('{"layers":{"a":{"type" "input"}}}', style)).toEqual([]);
  });

  test('changes only the requested range', () => {
    const text = small.replace('"flat": {', '"flat":   {').replace('"logits": {', '"logits":   {');
    const start = text.indexOf('"flat"');
    const end = text.indexOf('"memory"');
    expect(applyChanges(text, formatChanges(text, style, { start, end }))).toBe(
      small.replace('"logits": {', '"logits":   {'),
    );
  });

  test('changes blanks only, and nothing the second time, whatever blanks and comments there are', () => {
    const blank = fc.constantFrom(
      '',
      ' ',
      '\n',
      '\n\n\n',
      '\t',
      '  ',
      '\r\n',
      ' // note\n',
      ' /* note */ ',
      '/* two\nlines */',
    );
    const words = tokensOf(small).filter(({ kind }) => kind !== 'line break');
    fc.assert(
      fc.property(fc.array(blank, { minLength: words.length, maxLength: words.length }), (blanks) => {
        const text = words.map(({ start, end }, index) => blanks[index] + small.slice(start, end)).join('');
        const formatted = format(text);
        const meant = (of: string) =>
          tokensOf(of)
            .filter(({ kind }) => kind !== 'line break')
            .map(({ start, end }) => of.slice(start, end));
        expect(meant(formatted)).toEqual(meant(text));
        expect(format(formatted)).toBe(formatted);
        expect(analyze(formatted).diagnostics.length).toBe(analyze(text).diagnostics.length);
      }),
      { seed, numRuns: 200 },
    );
  });
});

describe('folding', () => {
  const folded = (text: string) =>
    foldsOf(text).map(({ start, end, of }) => `${of} ${text.slice(start, end).split('\n').length}`);

  test('folds objects and lists over several lines, innermost too, and runs of comments', () => {
    expect(folded('{\n"a": [\n1\n],\n"b": [1]}')).toEqual(['brackets 5', 'brackets 3']);
    expect(folded('// one\n// two\n{\n/* three\nfour */\n}\n// five')).toEqual([
      'comment 2',
      'brackets 4',
      'comment 2',
    ]);
    expect(folded('{ // one\n// two\n"a": 1 }')).toEqual(['brackets 3']);
  });

  test('folds complete parts of a text that is being typed', () => {
    expect(folded('{\n"a": {\n"b": \n}\n"c": [')).toEqual(['brackets 3']);
  });
});

describe('a data file', () => {
  const edited = (text: string, ...files: string[]) =>
    editsForFiles(files, networkOf(text)).map(({ edit }) => {
      const outcome = applyEdit(text, edit);
      if ('problem' in outcome) throw new Error(outcome.problem);
      return /"data": (.*?),?\n/.exec(applyChanges(text, outcome.changes))?.[1];
    });

  test('becomes the data of the network, with the dataset type that reads such files', () => {
    expect(edited(small, 'data/iris.csv')).toEqual([
      '{ "type": "csv", "file": "data/iris.csv" }',
      '{ "type": "series", "file": "data/iris.csv" }',
    ]);
    expect(edited(small, 'tales.txt.gz')).toEqual(['{ "type": "text", "file": "tales.txt.gz" }']);
    expect(edited(small, 'motions.json')).toEqual([
      '{ "type": "sequences", "file": "motions.json" }',
      '{ "type": "pianoRoll", "file": "motions.json" }',
    ]);
    expect(edited(small, 'picture.tiff')).toEqual([]);
    expect(edited(small)).toEqual([]);
  });

  test('takes its part among several', () => {
    const files = ['t10k-labels-idx1-ubyte.gz', 'train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'];
    expect(edited(small, ...files)).toEqual([
      '{ "type": "idx", "testLabels": "t10k-labels-idx1-ubyte.gz", "images": "train-images-idx3-ubyte.gz", "labels": "train-labels-idx1-ubyte.gz" }',
    ]);
    expect(edited(small, 'iris.csv', 'tales.txt')).toEqual([]);
  });

  test('replaces the file of data that is read in the same way, and keeps its settings', () => {
    const text = small.replace(
      '{ "type": "shapes", "size": 8, "classes": 3 }',
      '{ "type": "csv", "file": "old.csv", "target": "kind" }',
    );
    expect(edited(text, 'new.csv')[0]).toBe('{ "type": "csv", "file": "new.csv", "target": "kind" }');
    expect(edited(text, 'new-test.csv')[0]).toContain('"testFile": "new-test.csv"');
    expect(edited(small, 'new-test.csv')[0]).toBe('{ "type": "csv", "file": "new-test.csv" }');
  });
});
