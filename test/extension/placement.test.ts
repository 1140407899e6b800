/** Where statistics are shown beside the text, by the width of the editor and of the line. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { type EditorLayout, groupWidths, readGroupWidths } from '../../extension/decorations/editorWidth.ts';
import { movedBy } from '../../extension/decorations/movedBy.ts';
import {
  chooseCount,
  choosePlacement,
  type LayerLine,
  placeBefore,
  placeBehind,
} from '../../extension/decorations/placement.ts';
import { statsLines } from '../../extension/decorations/statsLines.ts';
import { closeEverything, tiny, writeNetwork } from './support.ts';

const stats = {
  ...{ mean: 0.5, std: 1, min: -1, max: 1, zeroFraction: 0.25 },
  ...{ gradNorm: 0.03, gradRms: 0.001 },
  ...{ paramNorm: 3, updateRatio: 0.001 },
};

describe('Widths of editor groups', () => {
  it('are the sizes of groups that are side by side, and those of their parent for groups below one another', () => {
    const layout: EditorLayout = {
      orientation: 0,
      groups: [
        { size: 300 },
        { size: 500, groups: [{ size: 400 }, { size: 200, groups: [{ size: 350 }, { size: 150 }] }] },
      ],
    };
    assert.deepEqual(groupWidths(layout), [300, 500, 350, 150]);
    assert.deepEqual(groupWidths({ orientation: 1, groups: [{ size: 300 }, { size: 600 }] }), [
      undefined,
      undefined,
    ]);
  });

  it('come from VS Code', async () => {
    const uri = await writeNetwork('widths', tiny(1));
    await vscode.window.showTextDocument(uri);
    const [alone, ...none] = await readGroupWidths();
    assert.deepEqual(none, []);
    assert(alone && alone > 200, String(alone));
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
    const both = await readGroupWidths();
    assert.equal(both.length, 2);
    assert(both.every((width) => width && width < alone));
    await closeEverything();
  });
});

describe('The place of statistics', () => {
  let lines: LayerLine[];

  before(async () => {
    const document = await vscode.workspace.openTextDocument(await writeNetwork('places', tiny(1)));
    const analysis = analyze(document.getText());
    const found = statsLines(analysis, (layer) => (layer === 'point' ? undefined : { stats, stale: false }));
    lines = [...analysis.layerRanges].map(([layer, { name }]) => ({
      layer,
      line: document.lineAt(document.positionAt(name.start).line),
      statistics: found.find((statistics) => statistics.layer === layer),
    }));
  });

  it('is after the lines exactly if all of them fit there', () => {
    const ends = placeBehind(lines, 2).map(
      ({ range, margin, text }) => range.end.character + Number(/(\d+)ch/.exec(margin)?.[1]) + text.length,
    );
    const needed = Math.max(...ends) + 10;
    assert.equal(choosePlacement(lines, 2, needed), 'behind');
    assert.equal(choosePlacement(lines, 2, needed - 1), 'before');
  });

  it('is before the lines in a column of constant width, also for layers without statistics', () => {
    const placed = placeBefore(lines, 2, 2);
    assert.deepEqual(
      placed.map(({ layer }) => layer),
      ['point', 'hidden', 'bend', 'logits'],
    );
    assert.equal(new Set(placed.map(({ text }) => text.length)).size, 1);
    assert.equal(placed[0].text.trim(), '');
    assert.match(placed[1].text, /∇/);
  });

  it('is in the indentation, and only one precedes a line where two would push the text out of view', () => {
    // Longer lines are cut off anyway.
    const longest = Math.max(...lines.map(({ line }) => line.text.length).filter((length) => length <= 72));
    const [{ margin, text }] = placeBefore(lines, 2, 2);
    const indented = lines[0].line.firstNonWhitespaceCharacterIndex;
    assert.equal(margin, `0 1ch 0 ${0.5 - indented}ch`);
    const needed = longest + text.length + 2 - indented;
    assert.equal(chooseCount(lines, 2, needed), 2);
    assert.equal(chooseCount(lines, 2, needed - 1), 1);
    const single = placeBefore(lines, 2, 1);
    assert.equal(single[0].text.length, text.length / 2);
    assert.doesNotMatch(single[1].text, /∇/);
  });
});

describe('A place in a text', () => {
  it('moves with the text around it, whatever is edited', async () => {
    const mark = '§';
    const edit = fc.record({
      start: fc.tuple(fc.nat(9), fc.nat(12)),
      end: fc.tuple(fc.nat(9), fc.nat(12)),
      text: fc.stringMatching(/^[ab\n]{0,6}$/),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(9),
        fc.nat(8),
        fc.array(edit, { maxLength: 2 }),
        async (line, column, edits) => {
          const lines = Array.from({ length: 10 }, (_, index) => `line ${index}.`);
          lines[line] = lines[line].slice(0, column) + mark + lines[line].slice(column);
          const document = await vscode.workspace.openTextDocument({ content: lines.join('\n') });
          const place = document.positionAt(document.getText().indexOf(mark));
          let moved = place;
          const listener = vscode.workspace.onDidChangeTextDocument((change) => {
            if (change.document === document) moved = movedBy(moved, change.contentChanges);
          });
          const change = new vscode.WorkspaceEdit();
          let last = new vscode.Range(place, place.translate(0, mark.length));
          for (const { start, end, text } of edits) {
            const range = document.validateRange(new vscode.Range(...start, ...end));
            // The mark must remain, and the edits of one change must not overlap.
            if (range.intersection(last) || range.contains(place)) continue;
            change.replace(document.uri, range, text);
            last = last.union(range);
          }
          await vscode.workspace.applyEdit(change);
          listener.dispose();
          assert.deepEqual(moved, document.positionAt(document.getText().indexOf(mark)));
        },
      ),
      { numRuns: 40, seed: 9 },
    );
  });
});
