/** Brackets: generated texts of letters and nested brackets, for networks that read sequences. */
import { purposeOf, Random } from '../kernels/random.ts';
import { choice, integer } from '../schema/attributes.ts';
import { type DataFields, defineDataset, type Field, type Split } from './define.ts';

/** Letters follow one another in a cycle, whatever is between them. */
const letters = ['a', 'b', 'c', 'd'];
const openings = ['(', '['];
const closings = [')', ']'];
const vocabulary = [...letters, ...openings, ...closings];

const firstOpening = letters.length;
const firstClosing = firstOpening + openings.length;

const isOpening = (id: number): boolean => id >= firstOpening && id < firstClosing;
const isBracket = (id: number): boolean => id >= firstOpening;

/** The kind of a character: a bracket, or a letter. */
const matches = ['letter', 'matched', 'unmatched'];

/** Generates texts of one length, always in the same memory. */
class Writer {
  readonly ids: Int32Array;
  /** Per character, an index into `matches`. */
  readonly match: Int32Array;
  readonly #stack: Int32Array;

  constructor(readonly length: number) {
    this.ids = new Int32Array(length);
    this.match = new Int32Array(length);
    this.#stack = new Int32Array(length);
  }

  /** A text in which every bracket that is opened is closed, innermost first. */
  write(random: Random): void {
    let depth = 0;
    let letter = random.below(letters.length);
    for (let place = 0; place < this.length; place++) {
      const room = this.length - place;
      const draw = random.uniform();
      if (depth >= room || (depth > 0 && draw < 0.3)) {
        this.ids[place] = this.#stack[--depth] + openings.length;
      } else if (draw < 0.55 && depth + 2 <= room) {
        const bracket = firstOpening + random.below(openings.length);
        this.#stack[depth++] = bracket;
        this.ids[place] = bracket;
      } else {
        this.ids[place] = letter;
        letter = (letter + 1) % letters.length;
      }
    }
  }

  /** Turns one or two brackets into others, in half of the texts. */
  spoil(random: Random): void {
    if (random.uniform() < 0.5) return;
    const tries = 1 + random.below(2);
    for (let count = 0; count < tries; count++) {
      const start = random.below(this.length);
      for (let step = 0; step < this.length; step++) {
        const place = (start + step) % this.length;
        if (!isBracket(this.ids[place])) continue;
        const kinds = vocabulary.length - firstOpening;
        this.ids[place] =
          firstOpening + ((this.ids[place] - firstOpening + 1 + random.below(kinds - 1)) % kinds);
        break;
      }
    }
  }

  /** Sets `match`; returns whether every bracket has a partner. */
  check(): boolean {
    let depth = 0;
    let balanced = true;
    for (let place = 0; place < this.length; place++) {
      const id = this.ids[place];
      this.match[place] = isBracket(id) ? 2 : 0;
      if (isOpening(id)) this.#stack[depth++] = place;
      else if (isBracket(id)) {
        const partner = depth > 0 ? this.#stack[depth - 1] : -1;
        if (partner >= 0 && this.ids[partner] + openings.length === id) {
          depth--;
          this.match[partner] = 1;
          this.match[place] = 1;
        } else balanced = false;
      }
    }
    return balanced && depth === 0;
  }
}

type Target = 'balanced' | 'matched' | 'next';

/** How a target is written, and the characters that it needs beyond those that are read. */
interface Task {
  readonly field: (length: number) => Field & { readonly type: 'int'; readonly classes: number };
  readonly classNames: readonly string[];
  readonly ahead: number;
  write(writer: Writer, random: Random, t: { [index: number]: number }, at: number, length: number): void;
}

const tasks: { readonly [T in Target]: Task } = {
  balanced: {
    field: () => ({ name: 'balanced', type: 'int', shape: [], classes: 2 }),
    classNames: ['unbalanced', 'balanced'],
    ahead: 0,
    write(writer, random, t, at) {
      writer.spoil(random);
      t[at] = Number(writer.check());
    },
  },
  matched: {
    field: (length) => ({ name: 'matched', type: 'int', shape: [length], classes: matches.length }),
    classNames: matches,
    ahead: 0,
    write(writer, random, t, at, length) {
      writer.spoil(random);
      writer.check();
      for (let step = 0; step < length; step++) t[at * length + step] = writer.match[step];
    },
  },
  next: {
    field: (length) => ({ name: 'next', type: 'int', shape: [length], classes: vocabulary.length }),
    classNames: vocabulary,
    ahead: 1,
    write(writer, _random, t, at, length) {
      for (let step = 0; step < length; step++) t[at * length + step] = writer.ids[step + 1];
    },
  },
};

/** Samples are generated on demand, each from its own random stream, so that they take no memory. */
function generated(size: number, length: number, task: Task, seed: number, purpose: string): Split {
  const random = new Random(seed);
  const stream = purposeOf(purpose);
  const writer = new Writer(length + task.ahead);
  return {
    size,
    fill(indices, count, { inputs: [x], targets: [t] }) {
      for (let i = 0; i < count; i++) {
        random.reset(seed, stream, indices[i]);
        writer.write(random);
        task.write(writer, random, t, i, length);
        for (let step = 0; step < length; step++) x[i * length + step] = writer.ids[step];
      }
    },
  };
}

const fields = (of: { readonly target: Target; readonly sequenceLength: number }): DataFields => ({
  inputs: [{ name: 'characters', shape: [of.sequenceLength], indicesBelow: vocabulary.length }],
  targets: [tasks[of.target].field(of.sequenceLength)],
});

export const brackets = defineDataset({
  type: 'brackets',
  label: 'Brackets (generated)',
  doc: `Texts of four letters, which follow one another in a fixed cycle, and of two kinds of nested brackets. They are generated from the seed, so **no file is needed**. Inputs
are character numbers [sequenceLength] below ${vocabulary.length}, for an *embedding* layer. There are three targets:

- \`balanced\`: whether each bracket has a partner. In half of the texts, some have none.
- \`matched\`: for each character, whether it is a letter, a bracket with a partner, or a bracket without one. This requires reading in both directions.
- \`next\`: for each character, the next one.

[Dyck language](https://en.wikipedia.org/wiki/Dyck_language)`,
  attributes: {
    target: choice(Object.keys(tasks) as Target[], { default: 'balanced', doc: 'What the network learns.' }),
    sequenceLength: integer({ default: 20, min: 2, max: 10000, doc: 'Characters in a text.' }),
    samples: integer({ default: 4000, min: 1, max: 10000000, doc: 'Number of training texts.' }),
    testSamples: integer({ default: 500, min: 0, max: 1000000, doc: 'Number of test texts.' }),
  },

  fields,

  async open({ target, sequenceLength, samples, testSamples }, { seed }) {
    const task = tasks[target];
    return {
      ...fields({ target, sequenceLength }),
      classNames: task.classNames,
      train: generated(samples, sequenceLength, task, seed, 'brackets/train'),
      ...(testSamples > 0
        ? { test: generated(testSamples, sequenceLength, task, seed, 'brackets/test') }
        : {}),
    };
  },
});
