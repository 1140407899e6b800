/** The input of the data of one network, read from the beginnings of its files while its text and the files change. */
import type { InputField } from '../engine/data/define.ts';
import { type FirstInput, firstInput } from '../engine/language/firstInput.ts';
import type { Described } from '../engine/schema/kind.ts';
import { Throttle } from './throttle.ts';

/** Milliseconds between reads. */
export const readInterval = 300;

interface Wanted {
  readonly data: Described;
  readonly folder: string;
  /** Both, to be compared. */
  readonly text: string;
}

export interface Watched {
  dispose(): void;
}

interface Known extends Wanted, FirstInput {
  readonly watched: Watched;
}

export class DataInput {
  /** The data as last asked for. */
  #wanted: Wanted | undefined;
  /** What files have shown: of these data, or of what was asked for before. */
  #known: Known | undefined;
  #isReading = false;
  readonly #reads = new Throttle(readInterval, () => void this.#read());

  constructor(
    /** Reports each change of a file in the folder. */
    readonly watch: (folder: string, files: readonly string[], onChange: () => void) => Watched,
    /** Called when the input is another one than `of` has returned. */
    readonly onChange: () => void,
    readonly read = firstInput,
  ) {}

  /** What is known; for other attributes of the same files, what it was before. Files are read if it may be another one. */
  of(data: Described, folder: string): InputField | undefined {
    const text = JSON.stringify([folder, data]);
    if (this.#wanted?.text !== text) {
      this.#wanted = { data, folder, text };
      this.#reads.request();
    }
    return this.#shown(this.#wanted);
  }

  dispose(): void {
    this.#wanted = undefined;
    this.#reads.dispose();
    this.#known?.watched.dispose();
  }

  #shown({ data, folder }: Wanted): InputField | undefined {
    const known = this.#known;
    const isSame =
      known?.folder === folder &&
      known.data.type === data.type &&
      Object.entries(known.files).every(([attribute, path]) => data.attributes[attribute] === path);
    return isSame ? known.input : undefined;
  }

  async #read(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted) return;
    if (this.#isReading) return this.#reads.request();
    this.#isReading = true;
    try {
      const found = await this.read(wanted.data, wanted.folder);
      if (this.#wanted === wanted) this.#take(wanted, found);
    } finally {
      this.#isReading = false;
    }
  }

  #take(wanted: Wanted, found: FirstInput): void {
    const shown = this.#shown(wanted);
    const before = this.#known;
    const isWatched =
      before?.folder === wanted.folder && JSON.stringify(before.files) === JSON.stringify(found.files);
    if (!isWatched) before?.watched.dispose();
    const watched = isWatched
      ? before.watched
      : this.watch(wanted.folder, Object.values(found.files), () => this.#reads.request());
    this.#known = { ...wanted, ...found, watched };
    if (JSON.stringify(shown) !== JSON.stringify(found.input)) this.onChange();
  }
}
