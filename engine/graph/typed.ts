/** The typed graph: layers in order, joined, with the shapes that flow between them. Pure data. */

import type { Inferred, LayerDefinition, Shape } from '../layers/define.ts';
import type { Json } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { Diagnostic, LayerSpec, NetworkSpec, OutputRef, Range } from '../spec/document.ts';

export interface TypedLayer {
  readonly name: string;
  readonly spec: LayerSpec;
  readonly definition: LayerDefinition;
  /** One an input port in order; variadic inputs follow one another. */
  readonly from: readonly OutputRef[];
  readonly inputShapes: readonly Shape[];
  readonly inferred: Inferred;
  /** Of a use of a block, and of an input or output of one: the output of a layer that runs, which it gives. */
  readonly source?: OutputRef;
}

export interface TypedGraph {
  /** In an order in which every layer follows those it reads. */
  readonly layers: readonly TypedLayer[];
  /** Beside them what editors ask for by name: uses of blocks, and inputs and outputs of blocks. */
  readonly byName: ReadonlyMap<string, TypedLayer>;
}

export interface LayerSummary {
  readonly parameters: number;
  /** Of one forward pass of one sample. */
  readonly flops: number;
  /** Bytes of output and saved buffers for one sample, in float32. */
  readonly activationBytes: number;
}

export interface LayerRanges {
  readonly whole: Range;
  readonly name: Range;
}

/** Everything that can be known of a text without running it. */
/** `Code`: codes of its diagnostics. Those of `analyze` are problems; a diagnosis adds findings. */
export interface Analysis<Code extends string = string> {
  /** As written, blocks and their uses too; but its losses judge layers that run. */
  readonly spec: NetworkSpec;
  /** The layers that run and whose shapes are known; equals all layers when nothing is wrong. */
  readonly graph: TypedGraph;
  readonly summaries: ReadonlyMap<string, LayerSummary>;
  readonly diagnostics: readonly Diagnostic<Code>[];
  /**
   * Ranges of each layer's whole property in the text (`"conv1": { … }`), and of its name without quotes; after the layers of
   * the network those inside of uses of blocks, which are where the block is defined.
   */
  readonly layerRanges: ReadonlyMap<string, LayerRanges>;
  /** What comments say of layers, by layer. */
  readonly notes: ReadonlyMap<string, string>;
  /** The text's losses are a list, of which each entry has a place of its own. */
  readonly lossesAreListed: boolean;
  /** The section "training" as it is written. */
  readonly trainingGiven: Json | undefined;
  /** The text could be read as a network at all (an empty file or noise cannot). */
  readonly readable: boolean;
  /** No errors in the network itself: it can be compiled. */
  readonly sound: boolean;
  /** `sound`, and a training section without errors is there. */
  readonly trainable: boolean;
}

export type { Described };
