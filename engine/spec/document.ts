/** The meaning of a `*.nn.json` document, after parsing: plain data, checked and completed by defaults. */
import type { Path } from './attributes.ts';
import type { Described } from './kind.ts';

export const formatVersion = 1;

/** A layer's output: its main one ("conv1") or a named extra one ("lstm1.state"). */
export interface OutputRef {
  readonly layer: string;
  readonly output?: string;
}

/** Attributes every layer type has (`commonLayerAttributes`). */
export interface CommonAttributes {
  /** False freezes the layer's parameters. */
  readonly trainable: boolean;
  /** Penalties on the weights: l1 · Σ|w| and l2 · Σw². */
  readonly l1: number;
  readonly l2: number;
  /** Name of a layer whose parameters this one uses. */
  readonly shares?: string;
}

export interface LayerSpec extends Described {
  readonly name: string;
  readonly from: readonly OutputRef[];
  readonly common: CommonAttributes;
}

export interface LossSpec extends Described {
  /** The layer whose output is compared with the target. */
  readonly from: OutputRef;
  /** Name of the dataset's target; by order of the losses when absent. */
  readonly target?: string;
  /** Factor in the total loss, above 0. */
  readonly weight: number;
}

export interface EarlyStopping {
  /** Epochs without improvement before the run ends. */
  readonly patience: number;
  /** An improvement is a loss lower than the best by more than this. */
  readonly minDelta: number;
  readonly restoreBest: boolean;
}

export interface TrainingSpec {
  readonly data: Described;
  /** One or more; `"loss"` in the text may be an object or a list. */
  readonly losses: readonly LossSpec[];
  readonly optimizer: Described;
  readonly schedule?: Described;
  /** Metrics to report; the losses' own when absent. */
  readonly metrics?: readonly Described[];
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  /** Batches whose gradients are averaged into one update. */
  readonly accumulate: number;
  /** Largest global norm of the gradient. */
  readonly clipNorm?: number;
  /** Largest size of any element of the gradient. */
  readonly clipValue?: number;
  readonly earlyStopping?: EarlyStopping;
}

export interface NetworkSpec {
  /** In the order of the text. */
  readonly layers: readonly LayerSpec[];
  readonly training?: TrainingSpec;
  readonly layout: ReadonlyMap<string, readonly [x: number, y: number]>;
}

/** Offsets into the text, in UTF-16 units, as VS Code counts. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  /** Stable, e.g. "spec/unknown-type", "graph/cycle", "shape/kernel-too-large". */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** Where · what was expected · what was found · what to do. */
  readonly message: string;
  /** The layer concerned, if one is. */
  readonly layer?: string;
  /** Its attribute, if one is to blame. */
  readonly attribute?: string;
  /** Place in the document's value: ["layers", "conv1", "kernelSize"]. */
  readonly path: Path;
  readonly range: Range;
}

/** A change of the network as one gesture makes it. `edit.ts` turns it into the smallest change of the text. */
export type SpecEdit =
  | {
      readonly kind: 'addLayer';
      readonly name: string;
      readonly type: string;
      readonly attributes: { readonly [name: string]: unknown };
      readonly from: readonly OutputRef[];
      readonly position?: readonly [number, number];
    }
  /** With `heal`, layers that read a removed single-input layer then read what it read. */
  | { readonly kind: 'removeLayers'; readonly names: readonly string[]; readonly heal: boolean }
  /** Renames every reference too. */
  | { readonly kind: 'renameLayer'; readonly name: string; readonly newName: string }
  /** `value` undefined removes the key, which restores the default. */
  | { readonly kind: 'setAttribute'; readonly layer: string; readonly attribute: string; readonly value: unknown }
  /** Replaces the input at `index` (appends when it is the number of inputs). */
  | { readonly kind: 'connect'; readonly from: OutputRef; readonly to: string; readonly index: number }
  | { readonly kind: 'disconnect'; readonly to: string; readonly index: number }
  | { readonly kind: 'moveLayers'; readonly positions: { readonly [name: string]: readonly [number, number] } }
  | { readonly kind: 'clearLayout' }
  /** Path within "training"; `value` undefined removes the key. */
  | { readonly kind: 'setTraining'; readonly path: Path; readonly value: unknown }
  /** One gesture that needs several changes (a layer put into an edge, a paste): in order, each on the result of the one before. */
  | { readonly kind: 'several'; readonly edits: readonly SpecEdit[] };

export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}
