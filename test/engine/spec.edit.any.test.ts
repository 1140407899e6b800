/** Any edit of any network in any style: what the edit does not concern stays the same, byte by byte. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { parse } from '../../engine/spec/parse.ts';
import { printReference } from '../../engine/spec/reference.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { runs, seed } from '../hostile/effort.ts';
import { add, names, position, remove, undo } from './editChecks.ts';

// A failing example prints how to replay it.
fc.configureGlobal({ seed });

/** A network as a plain list that is edited in the simplest way: the meaning that the text must have after the edit. */
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

/** Texts of the same network in many styles: on one line or several, aligned or not, with commas and comments in various places. */
const styledText = fc
  .record({
    layers: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom(...names),
        units: fc.integer({ min: 1, max: 99 }),
        from: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
        comment: fc.constantFrom('', ' // end', ' /* end */'),
        above: fc.constantFrom('', '// above $', '/* above $\nlines */', '// above $\n'),
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
      const before = above !== '' && inLines ? line(2) + above.replace('$', `${name}.`) : '';
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

/** Whether this edit is possible in this network. Otherwise it must be refused. */
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
  const commentsAbove = (text: string) => text.match(/\/\/ above \S+\.|\/\* above \S+\.\nlines \*\//g) ?? [];
  /** Whether no blank line is between the comment and the layer, and no comma but one that begins the line of the layer. */
  const belongsTo = (text: string, comment: string, name: string): boolean =>
    comment.includes(`above ${name}.`) &&
    new RegExp(`^\\r?\\n[ \\t]*(?:, )?"${name}"`).test(text.slice(text.indexOf(comment) + comment.length));

  test('has the intended meaning, changes nothing else, and can be undone', () => {
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
        const removed = edit.kind === 'removeLayers' ? edit.names : [];
        const kept = commentsAbove(text).filter(
          (comment) => !removed.some((name) => belongsTo(text, comment, name)),
        );
        expect(commentsAbove(after)).toEqual(kept);
        const isStrict = (candidate: string) => !/,\s*(?:\/\/.*\s*|\/\*[^*]*\*\/\s*)*[}\]]/.test(candidate);
        if (isStrict(text)) expect(isStrict(after), after).toBe(true);
      }),
      { numRuns: runs(1500) },
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
      { numRuns: runs(500) },
    );
  });
});
