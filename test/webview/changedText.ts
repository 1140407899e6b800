/** What an edit has changed in a text, compared with what it may change. */
import { formatChanges } from '../../engine/language/format.ts';
import { notesOf } from '../../engine/spec/notes.ts';
import { jsonOf, Source } from '../../engine/spec/source.ts';
import { type Node, readSyntax } from '../../engine/spec/syntax.ts';
import { detectStyle } from '../../engine/spec/textItems.ts';
import type { Attempt } from './anyGestures.ts';

/** An entry of a section: as it is written, what it means, the comments on it, and its attributes with what is around them. */
interface Written {
  readonly raw: string;
  readonly meaning: string;
  readonly note: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
}

/** A text and its parts. */
export interface Seen {
  readonly text: string;
  /** By name, and those of blocks as "block/layer". */
  readonly layers: ReadonlyMap<string, Written>;
  /** The layers, owners, outputs of blocks and parameters that each of them names, as keys of `layers`. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly places: ReadonlyMap<string, Written>;
  /** The sections and the blocks with everything between their neighbours. */
  readonly sections: ReadonlyMap<string, string>;
  readonly blocks: ReadonlyMap<string, string>;
  readonly training: Written | undefined;
  readonly isFormatted: boolean;
}

export function look(text: string): Seen {
  const { root } = readSyntax(text);
  if (!root) throw new Error('the text cannot be read');
  const source = new Source(root);
  const raw = ({ offset, length }: Node) => text.slice(offset, offset + length);
  /** Each property with everything between its neighbours. */
  const around = ({ type, offset, length, children = [] }: Node) =>
    new Map(
      (type === 'object' ? children : []).map((one, index): [string, string] => {
        const last = children[index - 1];
        const start = last ? last.offset + last.length : offset;
        return [one.children![0].value, text.slice(start, children[index + 1]?.offset ?? offset + length)];
      }),
    );
  const written = (node: Node, value: Node, note?: string): Written => ({
    raw: raw(node),
    meaning: JSON.stringify(jsonOf(value, () => {})),
    note,
    attributes: around(value),
  });
  const entriesOf = (section: Node | undefined, notes?: ReadonlyMap<string, string>) =>
    (section?.children ?? []).map((property): [string, Written] => {
      const [{ value: name }, value] = property.children!;
      return [name, written(property, value, notes?.get(name))];
    });
  const layers = new Map<string, Written>();
  const reads = new Map<string, readonly string[]>();
  const add = (section: Node | undefined, prefix: string) => {
    const kinds = new Map(entriesOf(section).map(([name, { meaning }]) => [name, JSON.parse(meaning).type]));
    for (const [name, entry] of entriesOf(section, notesOf(text, section))) {
      layers.set(prefix + name, entry);
      const { from = [], shares = [] } = JSON.parse(entry.meaning);
      const parameters = [...entry.meaning.matchAll(/"\$([^"]+)"/g)].map(([, parameter]) => parameter);
      reads.set(
        prefix + name,
        [from, shares, parameters].flat().flatMap((reference) => {
          const [layer, output] = reference.split('.');
          return output === undefined ? [prefix + layer] : [prefix + layer, `${kinds.get(layer)}/${output}`];
        }),
      );
    }
  };
  const [blocks, training] = [source.node(['blocks']), source.node(['training'])];
  add(source.node(['layers']), '');
  for (const { children } of blocks?.children ?? []) add(children![1], `${children![0].value}/`);
  return {
    text,
    layers,
    reads,
    places: new Map(entriesOf(source.node(['layout']))),
    sections: around(root),
    blocks: blocks ? around(blocks) : new Map(),
    training: training && written(training, training),
    isFormatted: formatChanges(text, detectStyle(text, root)).length === 0,
  };
}

const commentsIn = (text: string): string[] => text.match(/\bc\d+\./g) ?? [];

/** Why an edit changed too much; undefined if it did not. */
export function fault(before: Seen, after: Seen, attempt: Attempt, prefix: string): string | undefined {
  const scoped = (names: readonly string[] = []): Set<string> => new Set(names.map((name) => prefix + name));
  const [own, read, gone, noted] = [attempt.own, attempt.read, attempt.gone, attempt.noted].map(scoped);
  const inBlocks = (key: string) => attempt.blocks?.some((block) => key.startsWith(`${block}/`)) ?? false;
  const mayChange = (key: string) =>
    own.has(key) || read.has(key) || inBlocks(key) || before.reads.get(key)!.some((other) => read.has(other));
  for (const [key, { raw, meaning, note }] of before.layers) {
    const then = after.layers.get(key);
    if (!then) {
      if (!gone.has(key) && !inBlocks(key)) return `${key} is lost`;
      continue;
    }
    if (gone.has(key)) {
      if (attempt.blocks || attempt.gesture?.select?.includes(key.slice(prefix.length))) continue;
      return `${key} is still there`;
    }
    if (then.meaning !== meaning && !mayChange(key)) return `${key} means something else`;
    if (then.meaning === meaning && then.raw !== raw && !noted.has(key))
      return `${key} is written in another way`;
    if (then.note !== note && !noted.has(key) && !inBlocks(key))
      return `${key} has another note: ${then.note}`;
  }
  const added = [...after.layers.keys()].filter((key) => !before.layers.has(key));
  const isInScope = (key: string) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/');
  if (attempt.come !== undefined) {
    const come = added.filter(isInScope).length;
    if (come !== attempt.come) return `${come} layers came, not ${attempt.come}`;
    const other = added.find((key) => !isInScope(key) && !inBlocks(key));
    if (other !== undefined) return `${other} came`;
  }
  const moved = new Set([...scoped(attempt.moved), ...gone]);
  for (const [key, { raw, meaning }] of before.places) {
    const then = after.places.get(key);
    if (moved.has(key) || inBlocks(key)) continue;
    if (!then) return `the place of ${key} is lost`;
    if (then.meaning !== meaning) return `${key} is elsewhere`;
    if (then.raw !== raw) return `the place of ${key} is written in another way`;
  }
  if (before.training && after.training?.raw !== before.training.raw) {
    if (after.training?.meaning === before.training.meaning) return 'the training is written in another way';
    if (read.size === 0) return 'the training is another';
  }
  return lost(before, after, [...gone, ...noted], moved.size > 0) ?? styleFault(before, after);
}

/** A comment that is lost, although what it is on is still there. */
function lost(before: Seen, after: Seen, gone: readonly string[], placesGo: boolean): string | undefined {
  const known = new Set(commentsIn(after.text));
  const missing = commentsIn(before.text).filter((comment) => !known.has(comment));
  if (missing.length === 0) return undefined;
  const removed = [
    placesGo ? before.sections.get('layout') : '',
    after.sections.has('blocks') ? '' : before.sections.get('blocks'),
    ...[...before.blocks].flatMap(([name, raw]) => (after.blocks.has(name) ? [] : [raw])),
    ...gone.map((key) => before.layers.get(key)).map((entry) => `${entry?.raw} ${entry?.note}`),
    // A block that is dissolved loses its inputs and outputs.
    ...[...before.layers].flatMap(([key, { raw, note, meaning }]) =>
      !after.layers.has(key) && /"type":"block(?:In|Out)put"/.test(meaning) ? [`${raw} ${note}`] : [],
    ),
    // On an attribute that is removed, and in a list that is another one.
    ...[...before.layers].flatMap(([key, { attributes }]) =>
      [...attributes].filter(([name, raw]) => {
        const now = after.layers.get(key)?.attributes.get(name);
        return now === undefined || (now !== raw && /\[/.test(raw));
      }),
    ),
  ];
  const may = new Set(commentsIn(removed.join(' ')));
  const comment = missing.find((one) => !may.has(one));
  return comment === undefined ? undefined : `the comment ${comment} is lost`;
}

const linesOf = (text: string): string[] => text.split(/\r\n|\n/);
const isStrict = (text: string): boolean => !/,\s*(?:\/\/.*\s*|\/\*[^*]*\*\/\s*)*[}\]]/.test(text);

function styleFault({ text, isFormatted }: Seen, after: Seen): string | undefined {
  const ends = (of: string) => new Set(of.match(/\r\n|\r|\n/g));
  const unknown = [...ends(after.text)].filter((end) => !ends(text).has(end));
  if (unknown.length > 0) return `the line end ${JSON.stringify(unknown)} is new`;
  const known = new Set(linesOf(text));
  const blanks = linesOf(after.text).find((line) => /[ \t]$/.test(line) && !known.has(line));
  if (blanks !== undefined) return `blanks at the end of a line: ${blanks}`;
  if (isStrict(text) && !isStrict(after.text)) return 'a comma too many';
  // A layer is in lines while it has a comment to the end of a line.
  const hasAll = commentsIn(text).every((comment) => after.text.includes(comment));
  if (isFormatted && !after.isFormatted && hasAll) return 'no longer formatted';
  return undefined;
}
