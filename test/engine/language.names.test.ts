/** Names of layers and their places, explanations, hints, outline and paths. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { explain } from '../../engine/language/explain.ts';
import { hintsIn } from '../../engine/language/hints.ts';
import { occurrenceAt, placesOf } from '../../engine/language/layerNames.ts';
import { filePaths } from '../../engine/language/links.ts';
import { outlineOf } from '../../engine/language/outline.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { marked, networkOf, small } from './languageSupport.ts';

const everything = { start: 0, end: Number.POSITIVE_INFINITY };

/** The text at the places where a layer is named, by role. */
const places = (text: string, layer: string) =>
  placesOf(networkOf(text), { kind: 'layer', name: layer }).map(({ range, role }) => ({
    role,
    at: text.slice(range.start - 1, range.end + 1),
  }));

describe('names of layers', () => {
  test('are found where they are given, read, shared, judged and placed', () => {
    expect(places(small, 'conv1')).toEqual([
      { role: 'definition', at: '"conv1"' },
      { role: 'reference', at: '"conv1"' },
      { role: 'position', at: '"conv1"' },
    ]);
    expect(places(small, 'memory').map(({ at }) => at)).toEqual(['"memory"', '"memory.', '"memory"']);
    expect(places(small, 'logits').map(({ role }) => role)).toEqual(['reference', 'definition', 'reference']);
  });

  test('are found in a text that is being typed', () => {
    const typed = small.replace('"kernelSize": 3 },', '"kernelSize": ');
    expect(placesOf(networkOf(typed, small), { kind: 'layer', name: 'conv1' }).length).toBe(3);
  });

  test('are found under the cursor, at either end and within', () => {
    for (const at of ['"‸conv1" ]', '"con‸v1" ]', '"conv1‸" ]']) {
      const { text, offset } = marked(small.replace('"from": "conv1"', `"from": [ ${at}`));
      expect(occurrenceAt(networkOf(text), offset)?.name).toBe('conv1');
    }
    const { text, offset } = marked(small.replace('"type": "lstm"', '"type": "ls‸tm"'));
    expect(occurrenceAt(networkOf(text), offset)).toBeUndefined();
  });

  test('are exactly the places that renaming changes', () => {
    for (const { name } of analyze(small).spec.layers) {
      const edit = applyEdit(small, { kind: 'renameLayer', name, newName: 'other' });
      if ('problem' in edit) throw new Error(edit.problem);
      const byPlaces = applyChanges(
        small,
        placesOf(networkOf(small), { kind: 'layer', name }).map(({ range: { start, end } }) => ({
          offset: start,
          length: end - start,
          text: 'other',
        })),
      );
      expect(applyChanges(small, edit.changes)).toBe(byPlaces);
    }
  });
});

describe('an explanation', () => {
  const of = (text: string): string | undefined => {
    const found = marked(text);
    const network = networkOf(found.text);
    return explain(network, found.offset)?.doc;
  };

  test('says what an attribute means, which values it allows, and its default', () => {
    const doc = of(small.replace('"kernelSize": 3', '"kernelSize": 3, "pad‸ding": "same"'));
    expect(doc).toMatch(/"padding"/);
    expect(doc).toMatch(/"valid"/);
    expect(doc).toMatch(/Default/);
    expect(of(small.replace('"units": 3 }', '"uni‸ts": 3 }'))).toMatch(/integer ≥ 1.*Required/s);
  });

  test('says what a type does, also where the type is written alone', () => {
    expect(of(small.replace('"type": "lstm"', '"type": "ls‸tm"'))).toMatch(/LSTM.*layer/s);
    expect(of(small.replace('["accuracy"]', '["accu‸racy"]'))).toMatch(/metric/);
    expect(of(small.replace('"type": "adam"', '"type": "ad‸am"'))).toMatch(/optimizer/);
  });

  test('says what a section is for, and nothing for names that only the text defines', () => {
    expect(of(small.replace('"training"', '"trai‸ning"'))).toMatch(/trained on/);
    expect(of(small.replace('"conv1": {', '"con‸v1": {'))).toBeUndefined();
    expect(of(small.replace('"format"', '"nonsen‸se"'))).toBeUndefined();
    expect(of(small.replace('  "format"', '‸  "format"'))).toBeUndefined();
  });
});

describe('hints', () => {
  const hints = (parts: { shapes: boolean; parameters: boolean }, text = small) =>
    new Map(hintsIn(text, analyze(text), everything, parts).map((hint) => [hint.layer, hint]));

  test('give shapes and parameters behind the layer and its comma', () => {
    const found = hints({ shapes: true, parameters: true });
    expect(found.get('conv1')?.label).toBe('→ 6×6×4 · 40 parameters');
    expect(found.get('flat')?.label).toBe('→ 144');
    expect(found.get('copy')?.label).toMatch(/parameters of logits/);
    const { offset } = found.get('conv1')!;
    expect(small.slice(offset - 3, offset)).toBe(' },');
    const last = found.get('logits')!.offset;
    expect(small.slice(last - 2, last)).toBe(' }');
  });

  test('give only shapes, only parameters, or nothing', () => {
    expect(hints({ shapes: false, parameters: true }).get('conv1')?.label).toBe('40 parameters');
    expect(hints({ shapes: true, parameters: false }).get('conv1')?.label).toBe('→ 6×6×4');
    expect(hints({ shapes: false, parameters: false }).size).toBe(0);
  });

  test('are given only for the requested lines, and for layers whose shape is known', () => {
    const broken = small.replace('"filters": 4', '"filters": -4');
    expect([...hints({ shapes: true, parameters: true }, broken).keys()]).toEqual(['image']);
    const end = small.indexOf('"flat"');
    const found = hintsIn(small, analyze(small), { start: 0, end }, { shapes: true, parameters: true });
    expect(found.map(({ layer }) => layer)).toEqual(['image', 'conv1']);
  });
});

describe('the outline', () => {
  const outline = (text: string, before = text) =>
    outlineOf(networkOf(text, before), analyze(text).diagnostics);

  test('lists each layer once with what it gives, and what training sets', () => {
    const items = outline(small);
    expect(items.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
      'image input → 8×8×1',
      'conv1 conv2d → 6×6×4',
      'flat flatten → 144',
      'memory lstm → 5',
      'steps reshape → 12×12',
      'copy dense → 3',
      'logits dense → 3',
      'training ',
    ]);
    expect(items.at(-1)?.children.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
      'data shapes',
      'loss softmaxCrossEntropy, meanSquaredError',
      'optimizer adam',
      'metrics accuracy',
    ]);
    for (const { whole, ofName, name } of items) {
      expect(small.slice(ofName.start, ofName.end)).toBe(`"${name}"`);
      expect(whole.start <= ofName.start && ofName.end <= whole.end).toBe(true);
    }
  });

  test('continues while the text is being typed', () => {
    const typed = small.replace('"kernelSize": 3 },', '"kernelSize": },');
    expect(outline(typed, small).map(({ name }) => name)).toEqual(outline(small).map(({ name }) => name));
  });

  test('lists a name that occurs twice once, and shows problems at their entries', () => {
    const twice = outline(small.replace('"copy": {', '"flat": {'));
    expect(twice.filter(({ name }) => name === 'flat').length).toBe(1);
    const wrong = outline(
      small.replace('"units": 3, "shares"', '"units": 0, "shares"').replace('0.01', '-1'),
    );
    const problems = wrong.flatMap(({ name, problems, children }) => [
      ...problems.map(({ code }) => `${name} ${code}`),
      ...children.flatMap((child) => child.problems.map(({ code }) => `${child.name} ${code}`)),
    ]);
    expect(problems).toContain('copy spec/attribute');
    expect(problems).toContain('optimizer spec/training');
  });
});

test('paths are those of data files, not of the sources of these files', () => {
  const data = '{ "type": "csv", "file": "data/iris.csv", "testFile": "", "source": "somewhere" }';
  const text = small.replace('{ "type": "shapes", "size": 8, "classes": 3 }', data);
  expect(
    filePaths(networkOf(text)).map(({ path, range }) => [path, text.slice(range.start, range.end)]),
  ).toEqual([['data/iris.csv', 'data/iris.csv']]);
});
