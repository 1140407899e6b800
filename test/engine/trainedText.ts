/** A run of a text, and a document that changes meanwhile. */
import { analyze } from '../../engine/graph/analyze.ts';
import { layerText } from '../../engine/graph/layerText.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';

export const edited = (text: string, edit: SpecEdit): string => {
  const outcome = applyEdit(text, edit);
  if ('problem' in outcome) throw new Error(outcome.problem);
  return applyChanges(text, outcome.changes);
};

/** A run of a text whose statistics say which layer they were measured on, and a document that changes meanwhile. */
export class Trained {
  readonly record: RunRecord;
  readonly ran: readonly string[];

  constructor(public text: string) {
    this.record = new RunRecord(text);
    this.ran = analyze(text).graph.layers.map(({ name }) => name);
    const layers = Object.fromEntries(this.ran.map((name, index) => [name, { mean: index }]));
    this.record.add({ event: 'stats', step: 1, layers });
  }

  change(text: string): this {
    const [before, now] = [analyze(this.text), analyze(text)];
    this.record.follow(before.spec, now.spec);
    this.text = text;
    return this;
  }

  edit(...edits: readonly SpecEdit[]): this {
    for (const edit of edits) this.change(edited(this.text, edit));
    return this;
  }

  /** The layer of the run that a layer of the text shows, with a "?" if it is stale. */
  shown(layer: string): string | undefined {
    const found = this.record.statsOf(layer, layerText(this.text, analyze(this.text), layer));
    return found && this.ran[Number(found.stats.mean)] + (found.stale ? '?' : '');
  }

  get all(): (string | undefined)[] {
    return analyze(this.text).graph.layers.map(({ name }) => this.shown(name));
  }
}
