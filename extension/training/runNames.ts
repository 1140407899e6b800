/**
 * The names that the layers of a run have in the text of its network now. They follow each change of that text: renamings, layers that
 * become a block, and blocks that are dissolved. A run keeps the names with which it ran; everything that reads its record reads it
 * through these names.
 */
import { type Regrouping, regroupingTo } from '../../engine/graph/regrouping.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { type LaterNames, renamedEvent } from '../../engine/replay/renamedEvents.ts';
import type { NetworkSpec } from '../../engine/spec/document.ts';
import type { Renaming } from '../../engine/spec/renaming.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { RunGrouping } from './runGrouping.ts';

/**
 * The most characters of all texts that are regrouped, one for each block that was made or dissolved. Each is read again, and a text
 * that comes with a run in a folder may need hundreds.
 */
const mostRegrouped = 250_000;

export class RunNames {
  /** The earlier groupings, and how each became the next one. */
  #earlier: readonly { readonly grouping: RunGrouping; readonly regrouping: Regrouping }[] = [];
  #grouping: RunGrouping;
  #later: LaterNames | undefined;
  #translated = new WeakMap<TrainingEvent, TrainingEvent>();

  constructor(
    /** The spec that ran. */
    readonly ran: string,
  ) {
    this.#grouping = new RunGrouping(ran);
  }

  /** The spec that ran, with the names of now. */
  get text(): string {
    return this.#grouping.text;
  }

  get analysis(): Analysis {
    return this.#grouping.analysis;
  }

  /** All names that differ from those of the run, before layers were grouped in other ways. */
  get renaming(): Renaming {
    return this.#first.renaming;
  }

  /** The layers that run and have other names now, by the names with which they ran. */
  get renamedLayers(): { readonly [layer: string]: string } {
    return Object.fromEntries(this.#names.renamed);
  }

  /** The event with the names of now. */
  translate<E extends TrainingEvent>(event: E): E {
    if (this.text === this.ran) return event;
    const known = this.#translated.get(event);
    if (known) return known as E;
    const translated = renamedEvent(event, this.#names);
    this.#translated.set(event, translated);
    return translated;
  }

  /**
   * Follows a change of the network's text. `before` is undefined if its text before is unknown: then only what is still like the run
   * is recognized. Returns whether names have changed.
   */
  follow(before: NetworkSpec | undefined, now: NetworkSpec): boolean {
    const regrouped = this.#regroup(now);
    const renamed = this.#grouping.follow(before, now);
    if (regrouped || renamed) this.#forget();
    return regrouped || renamed;
  }

  /** Whether its texts have become too long to follow layers into another block. It still follows their names. */
  get isFull(): boolean {
    const texts = [...this.#earlier.map(({ grouping }) => grouping.text), this.text];
    return texts.reduce((sum, { length }) => sum + length, 0) > mostRegrouped;
  }

  /** Gives layers other names. Returns whether a name has changed. */
  rename(changes: Renaming): boolean {
    const renamed = this.#grouping.rename(changes);
    if (renamed) this.#forget();
    return renamed;
  }

  get #first(): RunGrouping {
    return this.#earlier[0]?.grouping ?? this.#grouping;
  }

  /** Returns to earlier groupings that an undo has restored. What was renamed since then and still is keeps its name. */
  #regroup(now: NetworkSpec): boolean {
    const { length } = this.#earlier;
    for (let last = this.#earlier.at(-1); last; last = this.#earlier.at(-1)) {
      const later = this.#grouping;
      const { path } = later.translation;
      if (!last.regrouping.isUndoneIn(now, { path, spec: later.analysis.spec })) break;
      this.#earlier = this.#earlier.slice(0, -1);
      this.#grouping = last.grouping;
      this.#grouping.rename(later.renamingIn(now));
    }
    if (this.#earlier.length < length) return true;
    const regrouping = this.isFull ? undefined : regroupingTo(now, this.text, this.analysis);
    if (!regrouping) return false;
    this.#earlier = [...this.#earlier, { grouping: this.#grouping, regrouping }];
    this.#grouping = new RunGrouping(regrouping.text);
    return true;
  }

  /** All translations, one after another. */
  get #names(): LaterNames {
    if (this.#later) return this.#later;
    const all = [
      ...this.#earlier.flatMap(({ grouping, regrouping }) => [grouping.translation, regrouping.translation]),
      this.#grouping.translation,
    ];
    const full = (name: string) => all.reduce((now, one) => one.full(now), name);
    const layers = this.text === this.ran ? [] : this.#first.start.graph.layers.map(({ name }) => name);
    this.#later = {
      full,
      path: (path) => all.reduce((now, one) => one.path(now), path),
      edit: (edit) => all.reduce<SpecEdit | undefined>((now, one) => now && one.edit(now), edit),
      renamed: new Map(
        layers.map((name) => [name, full(name)] as const).filter(([name, now]) => name !== now),
      ),
    };
    return this.#later;
  }

  #forget(): void {
    this.#later = undefined;
    this.#translated = new WeakMap();
  }
}
