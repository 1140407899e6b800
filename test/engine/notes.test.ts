/** Notes on layers: which comments become notes, and how the text changes when a note is written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';

const text = `{
  // The whole.
  "format": 1,
  "layers": {
    // What comes in:
    // pictures.
    "image": { "type": "input", "shape": [8, 8, 1] },
    "conv1": { "type": "conv2d", /* inside */ "from": "image", "filters": 2, "kernelSize": 3 }, // the usual choice
    /*
     * Flat.
     */
    "flat": { "type": "flatten", "from": "conv1" },
    "out": { "type": "dense", "from": "flat", "units": 2 }
    // Nothing follows.
  }
}
`;

const notes = (of: string) => Object.fromEntries(analyze(of).notes);

function write(of: string, layer: string, note: string): string {
  const outcome = applyEdit(of, { kind: 'setNote', layer, text: note });
  if ('problem' in outcome) throw new Error(outcome.problem);
  return applyChanges(of, outcome.changes);
}

describe('a note', () => {
  test('is the comment above a layer or after it on its line', () => {
    expect(notes(text)).toEqual({
      image: 'What comes in:\npictures.',
      conv1: 'the usual choice',
      flat: 'Flat.',
    });
  });

  test('is before the comma of its layer, also where another layer follows on the line', () => {
    const line = '{ "layers": { "a": { "type": "relu" } /* one */, /* two */ "b": { "type": "relu" } } }';
    expect(notes(line)).toEqual({ a: 'one', b: 'two' });
    expect(write(line, 'b', '')).toBe(line.replace(' /* two */', ''));
  });

  test('is above a line that begins with a comma', () => {
    const text = '{ "layers": {\n  "a": { "type": "relu" }\n  , "b": { "type": "relu" }\n} }';
    const written = write(text, 'b', 'two');
    expect(written).toBe(text.replace('  ,', '  // two\n  ,'));
    expect(notes(written)).toEqual({ b: 'two' });
    expect(write(written, 'b', '')).toBe(text);
  });

  test('is removed with its layer; a comment with a blank line after it belongs to no layer and stays', () => {
    const parted = text.replace('    "out":', '    // The end.\n\n    // Two classes.\n    "out":');
    expect(notes(parted).out).toBe('Two classes.');
    const outcome = applyEdit(parted, { kind: 'removeLayers', names: ['flat', 'out'], heal: true });
    if ('problem' in outcome) throw new Error(outcome.problem);
    const after = applyChanges(parted, outcome.changes);
    expect(after).not.toContain('Flat.');
    expect(after).not.toContain('Two classes.');
    expect(after).toContain('    // The end.\n\n    // Nothing follows.');
    expect(notes(after)).toEqual({ image: 'What comes in:\npictures.', conv1: 'the usual choice' });
  });

  test('is written above a layer, changed in its place, and removed with its line', () => {
    const written = write(text, 'out', 'Two classes.\nNo more.');
    expect(written).toContain('    // Two classes.\n    // No more.\n    "out": {');
    expect(notes(written).out).toBe('Two classes.\nNo more.');
    expect(write(written, 'out', '')).toBe(text);
    expect(write(text, 'conv1', 'another')).toBe(text.replace('the usual choice', 'another'));
    expect(write(text, 'conv1', '')).toBe(text.replace(' // the usual choice', ''));
    expect(write(text, 'image', 'What comes in:\npictures.')).toBe(text);
  });

  test('becomes a block comment if a line comment would include the text after it', () => {
    const oneLine =
      '{ "format": 1, "layers": { "a": { "type": "input", "shape": [2] }, "b": { "type": "relu", "from": "a" } } }';
    const written = write(oneLine, 'b', 'so: */ no\nend');
    expect(analyze(written).diagnostics).toEqual([]);
    expect(notes(written)).toEqual({ b: 'so: * / no end' });
    expect(write(written, 'b', '')).toBe(oneLine);
  });

  test('with any words does not change the network, is read as it was written, and can be removed without a trace', () => {
    const line = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((words) => words.replaceAll(/[\r\n\u2028\u2029]/g, '').trim());
    const words = fc.array(
      line.filter((one) => one !== ''),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.constantFrom('image', 'flat', 'out'), words, (layer, lines) => {
        const note = lines.join('\n');
        const bare = write(text, layer, '');
        const written = write(bare, layer, note);
        expect(analyze(written).spec).toEqual(analyze(bare).spec);
        expect(notes(written)[layer]).toBe(note);
        expect(write(written, layer, '')).toBe(bare);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
