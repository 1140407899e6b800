/** Changes of the network, as gestures and fixes make them. `edit.ts` turns one into the smallest change of the text. */
import {
  anything,
  count,
  fields,
  finite,
  flag,
  list,
  optional,
  pair,
  type Reader,
  record,
  shortText,
  type Tagged,
  tagged,
} from '../schema/reader.ts';
import { maximumTextLength } from './longest.ts';
import type { OutputRef } from './reference.ts';

const longestName = 1000;

/** The name of a layer, a type or an attribute. */
export const name = shortText(longestName);

/** A comment may be as long as a text. */
const note = shortText(maximumTextLength);

const outputRef: Reader<OutputRef> = fields({ layer: name, output: optional(name) });

const position = pair(finite);

const step: Reader<string | number> = (value) => (typeof value === 'number' ? count(value) : name(value));

const edits = {
  addLayer: {
    name,
    type: name,
    attributes: record(anything),
    from: list(outputRef),
    position: optional(position),
  },
  /** With `heal`, layers that read a removed single-input layer then read its input. */
  removeLayers: { names: list(name), heal: flag },
  /** Renames every reference too. */
  renameLayer: { name, newName: name },
  /** `value` undefined removes the key, which restores the default. */
  setAttribute: { layer: name, attribute: name, value: anything },
  /** Replaces the input at `index`; appends if `index` is the number of inputs. */
  connect: { from: outputRef, to: name, index: count },
  disconnect: { to: name, index: count },
  moveLayers: { positions: record(position, name) },
  /** Makes `text` the comment of a layer; an empty text removes the comment. */
  setNote: { layer: name, text: note },
  clearLayout: {},
  /** `layers` by name, each as written. */
  addBlock: { name, layers: record(anything, name) },
  /** Renames the type of every use too. */
  renameBlock: { name, newName: name },
  /** Path within "training"; `value` undefined removes the key. */
  setTraining: { path: list(step), value: anything },
  /** Path within the document to an existing key or index. It is removed, or its key is renamed. */
  removeAt: { path: list(step) },
  renameKey: { path: list(step), newName: name },
  /** Replaces the value at a path within the document. */
  replaceAt: { path: list(step), value: anything },
  /** Changes of a text that cannot be read; in order and separate. */
  correctText: { changes: list(fields({ offset: count, length: count, text: shortText(longestName) })) },
};

export type SpecEdit =
  | Tagged<'kind', typeof edits>
  /**
   * A gesture that needs several changes, such as a layer dropped on a connection, or a paste. They are applied in order, each to
   * the result of the one before.
   */
  | { readonly kind: 'several'; readonly edits: readonly SpecEdit[] }
  /** An edit in which "layers" and names are those of a block. */
  | { readonly kind: 'inBlock'; readonly block: string; readonly edit: SpecEdit };

/** Throws `Malformed` for anything that is not an edit. */
export const specEdit: Reader<SpecEdit> = tagged('kind', {
  ...edits,
  several: { edits: list((value): SpecEdit => specEdit(value)) },
  inBlock: { block: name, edit: (value): SpecEdit => specEdit(value) },
});
