/**
 * The text of a run with the names that its layers have now, as long as they are grouped in the same blocks. `runNames.ts` follows a
 * network through several groupings.
 */
import { analyze } from '../../engine/graph/analyze.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { NetworkSpec } from '../../engine/spec/document.ts';
import { renamingBetween } from '../../engine/spec/findRenaming.ts';
import {
  namesAfter,
  type Renamed,
  type Renaming,
  renamedText,
  renamingOver,
  type Translation,
  translationOf,
} from '../../engine/spec/renaming.ts';

export class RunGrouping {
  #text: string;
  #analysis: Analysis | undefined;
  #start: Analysis | undefined;
  #translation: Translation | undefined;
  /** Layers that are gone, and whose name another layer has now: their name here, and the one that they had. */
  #displaced: Renaming = [];

  constructor(
    /** The text with the names with which the layers were grouped. */
    readonly startText: string,
  ) {
    this.#text = startText;
  }

  /** The text with the names of now. */
  get text(): string {
    return this.#text;
  }

  get analysis(): Analysis {
    this.#analysis ??= this.isRenamed ? analyze(this.#text) : this.start;
    return this.#analysis;
  }

  get start(): Analysis {
    this.#start ??= analyze(this.startText);
    return this.#start;
  }

  get isRenamed(): boolean {
    return this.#text !== this.startText;
  }

  /** All names that differ from those of the start. */
  get renaming(): Renaming {
    return this.isRenamed ? renamingOver(this.start.spec, this.analysis.spec) : [];
  }

  /** Those of these names that a network has. */
  renamingIn(now: NetworkSpec): Renaming {
    const { renaming } = this;
    const blocks = new Map(
      renaming.flatMap(({ what, from, to }) => (what === 'block' ? [[from, to] as const] : [])),
    );
    return renaming.filter(({ what, within, to }) => {
      const home = within === undefined ? {} : { within: blocks.get(within) ?? within };
      return has(now, { what, ...home, from: to });
    });
  }

  get translation(): Translation {
    this.#translation ??= translationOf(namesAfter(this.start.spec, this.renaming));
    return this.#translation;
  }

  /** Follows a change of the network's text, as `RunNames.follow`. */
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
    this.#text = outcome.text;
    this.#analysis = undefined;
    this.#translation = undefined;
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
}

/** Whether a network has something with the name `from`. */
function has({ layers, blocks }: NetworkSpec, { what, within, from }: Omit<Renamed, 'to'>): boolean {
  if (what === 'block') return blocks.has(from);
  const all = within === undefined ? layers : (blocks.get(within)?.layers ?? []);
  return all.some(({ name }) => name === from);
}
