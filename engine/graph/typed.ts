/** The typed graph: layers in order, connected, with the shapes between them. Pure data. */

import type { Inferred, LayerDefinition, Shape } from '../layers/define.ts';
import type { Json } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { Diagnostic, LayerSpec, NetworkSpec, OutputRef, Range } from '../spec/document.ts';

export interface TypedLayer {
  readonly name: string;
  readonly spec: LayerSpec;
  readonly definition: LayerDefinition;
  /** The output that each input port reads, in order. A variadic port has several in a row. */
  readonly from: readonly OutputRef[];
  readonly inputShapes: readonly Shape[];
  readonly inferred: Inferred;
  /** For a use of a block, and for an input or output of one: the output of the layer that runs. */
  readonly source?: OutputRef;
}

export interface TypedGraph {
  /** In an order in which every layer comes after those that it reads. */
  readonly layers: readonly TypedLayer[];
  /** Includes what editors request by name: uses of blocks, and inputs and outputs of blocks. */
  readonly byName: ReadonlyMap<string, TypedLayer>;
}

export interface LayerSummary {
  readonly parameters: number;
  /** Operations of one forward pass of one sample. */
  readonly flops: number;
  /** Bytes of output and saved buffers for one sample, in float32. */
  readonly activationBytes: number;
}

export interface LayerRanges {
  readonly whole: Range;
  readonly name: Range;
}

/**
 * Everything that can be known about a text without running it. `Code`: the codes of its diagnostics. Those of `analyze` are
 * problems; a diagnosis adds findings.
 */
export interface Analysis<Code extends string = string> {
  /** As written, including blocks and their uses, but its losses judge layers that run. */
  readonly spec: NetworkSpec;
  /** The layers that run and whose shapes are known: all layers if nothing is wrong. */
  readonly graph: TypedGraph;
  readonly summaries: ReadonlyMap<string, LayerSummary>;
  readonly diagnostics: readonly Diagnostic<Code>[];
  /**
   * Ranges of each layer's whole property in the text (`"conv1": { … }`), and of its name without quotes. The layers of the network
   * come first, then those inside of uses of blocks, with the ranges in the definition of the block.
   */
  readonly layerRanges: ReadonlyMap<string, LayerRanges>;
  /** Notes on layers, by layer. */
  readonly notes: ReadonlyMap<string, string>;
  /** Whether the text has a list of losses, so that the path of a loss has an index. */
  readonly lossesAreListed: boolean;
  /** The section "training" as written. */
  readonly trainingGiven: Json | undefined;
  /** Whether the text could be read as a network (an empty file or noise cannot). */
  readonly readable: boolean;
  /** Whether the network itself has no errors and can be compiled. */
  readonly sound: boolean;
  /** `sound`, and it has a training section without errors. */
  readonly trainable: boolean;
}

export type { Described };
