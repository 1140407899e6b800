/**
 * Any gestures on any network in any style, one after another as in the graph: each is one edit that changes only what it concerns, keeps
 * the style and all comments, and can be undone.
 */
import { expect, test } from 'vitest';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { specEdit } from '../../engine/spec/specEdit.ts';
import { goWithin, receiveDocument, select, useEditor } from '../../webview/model/editor.ts';
import { editInView } from '../../webview/model/gestures.ts';
import { drawingOf, useUnfolded } from '../../webview/model/unfolding.ts';
import { undo } from '../engine/editChecks.ts';
import { patience, runs, seed } from '../hostile/effort.ts';
import { makers } from './anyGestures.ts';
import { anyText, Draw } from './anyText.ts';
import { fault, look } from './changedText.ts';

/** Enters or leaves a block, or unfolds blocks, which changes no text. */
function lookElsewhere(draw: Draw): void {
  const { view, within } = useEditor.getState();
  const uses = view!.layers.filter(({ type }) => view!.whole.spec.blocks.has(type));
  if (within.length > 0 && draw.chance(0.5)) goWithin(within.slice(0, -1));
  else if (uses.length > 0) goWithin([...within, { use: draw.one(uses).name, copy: 1 }]);
  const shown = useEditor.getState().view!;
  const names = draw.some([...shown.whole.graph.byName.keys()], 0.3);
  useUnfolded.setState({ names: new Set(names) });
  const { byName } = drawingOf(shown);
  for (const { name } of shown.layers) if (!byName.has(name)) throw new Error(`${name} is not drawn`);
}

/** What happened to a text, as a message. */
const story = (why: string, name: string, before: string, after: string, edit: unknown): string =>
  `${name}: ${why}\n${JSON.stringify(edit)}\n${before}\n→\n${after}`;

const names = Object.keys(makers);

test('any gestures on any network in any style change only what they concern, and can be undone', {
  timeout: patience,
}, () => {
  const made = new Map(names.map((name) => [name, 0]));
  for (let script = 0; script < runs(100); script++) {
    const draw = new Draw(seed + script);
    const texts = [anyText(draw)];
    useEditor.setState({ view: undefined, within: [], selection: [] });
    useUnfolded.setState({ names: new Set() });
    receiveDocument(0, texts[0], false);
    let before = look(texts[0]);
    for (let steps = 1 + draw.below(6); steps > 0; steps--) {
      if (draw.chance(0.2)) lookElsewhere(draw);
      if (texts.length > 1 && draw.chance(0.1)) {
        texts.pop();
        before = look(texts.at(-1)!);
        receiveDocument(steps, before.text, false);
        continue;
      }
      const { view, within } = useEditor.getState();
      if (!view) throw new Error(`no view of ${before.text}`);
      const name = draw.one(view.layers.length > 0 ? names : ['add at a point', 'begin with a template']);
      const attempt = makers[name](view, draw);
      if (!attempt?.gesture) continue;
      const edit = editInView(view, attempt.gesture);
      try {
        specEdit(JSON.parse(JSON.stringify(edit)));
      } catch (reason) {
        throw new Error(story(String(reason), name, before.text, '', edit));
      }
      const outcome = applyEdit(before.text, edit);
      if ('problem' in outcome) {
        if (attempt.refusable) continue;
        throw new Error(story(outcome.problem, name, before.text, '', edit));
      }
      const after = applyChanges(before.text, outcome.changes);
      const failure = (why: string) => new Error(story(why, name, before.text, after, edit));
      if (undo(before.text, outcome.changes) !== before.text) throw failure('undo changes the text');
      const seen = look(after);
      const prefix = view.inside && !attempt.gesture.ofNetwork ? `${view.inside.block.name}/` : '';
      const why = fault(before, seen, attempt, prefix);
      if (why !== undefined) throw failure(why);
      select(attempt.gesture.select ?? []);
      receiveDocument(steps, after, false);
      const now = useEditor.getState();
      // A block that uses itself, which is an error, can lose the use through which it was entered.
      const isCut = within.some(({ use }) => attempt.gone?.includes(use));
      if (now.within.length !== within.length && !isCut) throw failure('the view has left its block');
      const unknown = attempt.gesture.select?.find((one) => !now.view!.byName.has(one));
      if (unknown !== undefined) throw failure(`${unknown} cannot be selected`);
      made.set(name, made.get(name)! + 1);
      texts.push(after);
      before = seen;
    }
  }
  for (const [name, count] of made) expect(count, name).toBeGreaterThan(0);
});
