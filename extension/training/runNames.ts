/**
 * The names that the layers of a run have in the text of its network now. They follow each change of that text. A run keeps the names
 * with which it ran; everything that reads its record reads it through these names.
 */
import { analyze } from '../../engine/graph/analyze.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { renamedEvent } from '../../engine/replay/renamedEvents.ts';
import type { NetworkSpec } from '../../engine/spec/document.ts';
import { renamingBetween } from '../../engine/spec/findRenaming.ts';
import {
  type Names,
  namesAfter,
  type Renamed,
  type Renaming,
  renamedText,
  renamingOver,
} from '../../engine/spec/renaming.ts';

export class RunNames {
  #text: string;
  #analysis: Analysis | undefined;
  #spec: NetworkSpec | undefined;
  #names: Names | undefined;
  /** Layers that are gone, and whose name another layer has now: their name here, and the one that they had. */
  #displaced: Renaming = [];
  #translated = new WeakMap<TrainingEvent, TrainingEvent>();

  constructor(
    /** The spec that ran. */
    readonly ran: string,
  ) {
    this.#text = ran;
  }

  /** The spec that ran, with the names of now. */
  get text(): string {
    return this.#text;
  }

  get analysis(): Analysis {
    this.#analysis ??= analyze(this.#text);
    return this.#analysis;
  }

  /** The spec with the names of the run. */
  get #before(): NetworkSpec {
    this.#spec ??= analyze(this.ran).spec;
    return this.#spec;
  }

  get #now(): Names {
    this.#names ??= namesAfter(this.#before, this.renaming);
    return this.#names;
  }

  /** All names that differ from those of the run. */
  get renaming(): Renaming {
    return this.#text === this.ran ? [] : renamingOver(this.#before, this.analysis.spec);
  }

  /** The layers that run and have other names now, by the names with which they ran. */
  get renamedLayers(): { readonly [layer: string]: string } {
    if (this.#text === this.ran) return {};
    const all = analyze(this.ran).graph.layers.map(({ name }) => [name, this.#now.full(name)]);
    return Object.fromEntries(all.filter(([name, now]) => name !== now));
  }

  /** The event with the names of now. */
  translate<E extends TrainingEvent>(event: E): E {
    if (this.#text === this.ran) return event;
    const known = this.#translated.get(event);
    if (known) return known as E;
    const translated = renamedEvent(event, this.#now);
    this.#translated.set(event, translated);
    return translated;
  }

  /**
   * Follows a change of the network's text. `before` is undefined if its text before is unknown: then only what is still like the run
   * is recognized. Returns whether names have changed.
   */
  follow(before: NetworkSpec | undefined, now: NetworkSpec): boolean {
    const known = before !== undefined && this.rename(renamingBetween(before, now));
    const returned = this.#restoreDisplaced(now);
    const found = this.rename(renamingBetween(this.analysis.spec, now));
    return known || returned || found;
  }

  /** Gives layers other names. Returns whether a name has changed. */
  rename(changes: Renaming): boolean {
    if (changes.length === 0) return false;
    const outcome = renamedText(this.#text, this.analysis.spec, changes);
    if (!outcome || outcome.text === this.#text) return false;
    this.#displaced = [...this.#displaced, ...outcome.displaced];
    this.#set(outcome.text);
    return true;
  }

  /** A layer whose name was taken by another one has it again when that is free. */
  #restoreDisplaced(now: NetworkSpec): boolean {
    const isTaken = (one: Renamed) => [now, this.analysis.spec].some((spec) => has(spec, one));
    const returning = this.#displaced.filter((one) => !isTaken(one));
    if (returning.length === 0) return false;
    this.#displaced = this.#displaced.filter(isTaken);
    return this.rename(returning.map(({ from, to, ...place }) => ({ ...place, from: to, to: from })));
  }

  #set(text: string): void {
    this.#text = text;
    this.#analysis = undefined;
    this.#names = undefined;
    this.#translated = new WeakMap();
  }
}

/** Whether a network has something with the earlier name. */
function has({ layers, blocks }: NetworkSpec, { what, within, from }: Renamed): boolean {
  if (what === 'block') return blocks.has(from);
  const all = within === undefined ? layers : (blocks.get(within)?.layers ?? []);
  return all.some(({ name }) => name === from);
}
