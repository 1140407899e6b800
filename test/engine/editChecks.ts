/** Checks of one edit of a text: the new text, refusals, and undo. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { TextChange } from '../../engine/spec/document.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';

/** Expects that the edit turns one text into the other, and can be undone. */
export function check(before: string, edit: SpecEdit, after: string): void {
  const result = applyEdit(before, edit);
  if ('problem' in result) throw new Error(result.problem);
  expect(applyChanges(before, result.changes)).toBe(after);
  expect(undo(before, result.changes)).toBe(before);
}

export function checkRefused(text: string, edit: SpecEdit, message: RegExp): void {
  expect(applyEdit(text, edit)).toEqual({ problem: expect.stringMatching(message) });
}

/** Applies the changes and undoes them, as an editor does. */
export function undo(text: string, changes: readonly TextChange[]): string {
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

export const add = (
  name: string,
  from: readonly string[] = [],
  position?: readonly [number, number],
): SpecEdit => ({
  kind: 'addLayer',
  name,
  type: 'dense',
  attributes: { units: 2 },
  from: from.map((layer) => ({ layer })),
  ...(position ? { position } : {}),
});

export const remove = (names: readonly string[], heal = false): SpecEdit => ({
  kind: 'removeLayers',
  names,
  heal,
});

export const network = `{
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

export const changed = (...replacements: readonly (readonly [string, string])[]): string =>
  replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, network);

export const names = ['a', 'bb', 'c_3', 'd-d-d', 'ü'];

export const position = fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }));
