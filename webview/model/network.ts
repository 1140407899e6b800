/**
 * The network as the editor shows it, derived from the text by the engine's own functions. Layers whose text is faulty
 * are kept, so that a mistake in one line never makes a card vanish.
 */

import * as l10n from '@vscode/l10n';
import { analysisInside, type Inside } from '../../engine/graph/inside.ts';
import { portsOf } from '../../engine/graph/ports.ts';
import type { Analysis, LayerSummary, TypedLayer } from '../../engine/graph/typed.ts';
import type { LayerDefinition, Shape } from '../../engine/layers/define.ts';
import { losses as lossTypes } from '../../engine/losses/registry.ts';
import { blockOutput, blockParameter } from '../../engine/spec/blockKinds.ts';
import type { Diagnostic, OutputRef } from '../../engine/spec/document.ts';
import { insideName, partsOf } from '../../engine/spec/reference.ts';
import type { RawValues } from './values.ts';

/** A place where edges may start. */
export interface OutputSlot {
  readonly ref: OutputRef;
  /** Whether a layer reads it. */
  readonly read: boolean;
}

export interface LayerView {
  readonly name: string;
  readonly type: string;
  /** Absent if the type is unknown. */
  readonly definition: LayerDefinition | undefined;
  /** Attributes as written, without defaults. */
  readonly given: RawValues;
  readonly from: readonly OutputRef[];
  /** The main output, then the named ones: those from shape inference, and those that other layers read. */
  readonly outputs: readonly OutputSlot[];
  /** Absent if shapes cannot be inferred. */
  readonly typed: TypedLayer | undefined;
  readonly summary: LayerSummary | undefined;
  readonly problems: readonly Diagnostic[];
  /** The losses that are computed from it, or from what is in it. */
  readonly losses: readonly JudgingLoss[];
}

export interface JudgingLoss {
  readonly label: string;
  readonly weight: number;
}

export interface NetworkView {
  readonly revision: number;
  readonly text: string;
  readonly analysis: Analysis;
  /** In the order of the text. */
  readonly layers: readonly LayerView[];
  readonly byName: ReadonlyMap<string, LayerView>;
  /** The training section as written. */
  readonly training: RawValues | undefined;
  /** The block of which this is the inside; undefined for the network itself. */
  readonly inside: Inside | undefined;
  /** Belongs to the network itself. */
  readonly whole: Analysis;
}

export const isObject = (value: unknown): value is RawValues =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Unchanged layers are the same objects as in `previous`, so that they are not rendered again. */
export function viewNetwork(
  text: string,
  revision: number,
  whole: Analysis,
  previous?: NetworkView,
  inside?: Inside,
): NetworkView {
  const analysis = inside ? analysisInside(whole, inside) : whole;
  const read = outputsRead(analysis);
  const judged = lossesByLayer(whole);
  const problems = problemsByLayer(analysis);
  const layers = analysis.spec.layers.map(({ name, type, kind, given, from }): LayerView => {
    const before = previous?.byName.get(name);
    const typed = analysis.graph.byName.get(name);
    const summary = analysis.summaries.get(name);
    const used = read.get(name) ?? notRead;
    const losses = judged.get((inside?.prefix ?? '') + name) ?? notJudged;
    const within = problemsWithin(whole, name, type, inside);
    const own = problems.get(name) ?? noProblems;
    const found = within.length === 0 ? own : [...own, ...within];
    // Most layers are as before, and need no new view.
    const isSame =
      before?.given === given &&
      before.definition === kind &&
      before.from === from &&
      before.typed === typed &&
      before.summary === summary &&
      before.problems.length + found.length === 0 &&
      same(before.losses, losses) &&
      sameReads(before.outputs, used);
    if (isSame) return before;
    // An output of a block is read outside it, and a parameter is a value.
    const main = kind === blockOutput || kind === blockParameter ? [] : [undefined];
    const outputs = new Set([...main, ...Object.keys(typed?.inferred.extraOutputs ?? {}), ...used]);
    return unlessChanged(before, {
      name,
      type,
      definition: kind,
      given,
      from,
      outputs: [...outputs].map((output) => ({
        ref: output === undefined ? { layer: name } : { layer: name, output },
        read: used.has(output),
      })),
      typed,
      summary,
      problems: found,
      losses,
    });
  });
  return {
    revision,
    text,
    analysis,
    layers,
    byName: byNameOf(layers),
    training: isObject(analysis.trainingGiven) ? analysis.trainingGiven : undefined,
    inside,
    whole,
  };
}

function byNameOf(layers: readonly LayerView[]): ReadonlyMap<string, LayerView> {
  const byName = new Map<string, LayerView>();
  for (let index = 0; index < layers.length; index++) byName.set(layers[index].name, layers[index]);
  return byName;
}

const noProblems: readonly Diagnostic[] = [];

function problemsByLayer({ diagnostics }: Analysis): ReadonlyMap<string | undefined, readonly Diagnostic[]> {
  const problems = new Map<string | undefined, Diagnostic[]>();
  for (const problem of diagnostics) {
    const layer = problem.path[0] === 'blocks' ? undefined : problem.layer;
    const known = problems.get(layer);
    if (known) known.push(problem);
    else problems.set(layer, [problem]);
  }
  return problems;
}

/** Of the outputs of a layer, those that other layers read; undefined is the main one. */
type Reads = ReadonlySet<string | undefined>;

const notRead: Reads = new Set();
const mainRead: Reads = new Set([undefined]);

/** Most layers share one set, because networks may be large. */
function outputsRead({ spec }: Analysis): ReadonlyMap<string, Reads> {
  const read = new Map<string, Reads>();
  for (let reader = 0; reader < spec.layers.length; reader++)
    for (const { layer, output } of spec.layers[reader].from) {
      const known = read.get(layer);
      if (!known) read.set(layer, output === undefined ? mainRead : new Set([output]));
      else if (!known.has(output)) read.set(layer, new Set([...known, output]));
    }
  return read;
}

function sameReads(outputs: readonly OutputSlot[], reads: Reads): boolean {
  let count = 0;
  for (let index = 0; index < outputs.length; index++) {
    const { ref, read } = outputs[index];
    if (read !== reads.has(ref.output)) return false;
    if (read) count++;
  }
  return count === reads.size;
}

const notJudged: readonly JudgingLoss[] = [];

/** By the full name of the layer, and by those of the uses of blocks that it is in. */
function lossesByLayer({ spec: { training } }: Analysis): ReadonlyMap<string, readonly JudgingLoss[]> {
  const judged = new Map<string, readonly JudgingLoss[]>();
  for (const { type, weight, from } of training?.losses ?? []) {
    const parts = partsOf(from.layer) ?? [];
    for (let depth = 1; depth <= parts.length; depth++) {
      const name = insideName(...parts.slice(0, depth));
      judged.set(name, [...(judged.get(name) ?? []), { label: lossTypes.get(type).label, weight }]);
    }
  }
  return judged;
}

/** A use of a block shows the problems of the block, and those of its own shapes. They have no separate fix. */
function problemsWithin(
  { spec, diagnostics }: Analysis,
  name: string,
  type: string,
  inside: Inside | undefined,
): readonly Diagnostic[] {
  if (!spec.blocks.has(type)) return noProblems;
  const full = (inside?.prefix ?? '') + name;
  return diagnostics
    .filter(({ path, layer }) => path[0] === 'blocks' && (isWithin(layer, full) || isWithin(layer, type)))
    .map(({ fix: _, ...problem }) => problem);
}

const isWithin = (layer: string | undefined, use: string): boolean => layer?.startsWith(`${use}/`) ?? false;

/**
 * The earlier view if it shows the same, so that it is not rendered again. A layer's view follows from its text and its neighbours.
 * Most parts of an unchanged view are the same objects.
 */
export const unlessChanged = (before: LayerView | undefined, now: LayerView): LayerView =>
  before &&
  // A block is a kind of its own in each text.
  before.definition === now.definition &&
  parts.every((part) => same(before[part], now[part])) &&
  sameTypes(before.typed, now.typed)
    ? before
    : now;

const parts = ['type', 'given', 'from', 'outputs', 'summary', 'problems', 'losses'] as const;

const sameTypes = (a: TypedLayer | undefined, b: TypedLayer | undefined): boolean =>
  a === b || (same(a?.inputShapes, b?.inputShapes) && same(a?.inferred, b?.inferred));

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

export const worstSeverity = (problems: readonly Diagnostic[]): 'error' | 'warning' | undefined =>
  problems.some(({ severity }) => severity === 'error')
    ? 'error'
    : problems.some(({ severity }) => severity === 'warning')
      ? 'warning'
      : undefined;

/** A place where an edge may end. */
export interface InputSlot {
  readonly index: number;
  readonly label: string;
  /** Whether it has the name of its port, not only a number. */
  readonly named: boolean;
  readonly ref: OutputRef | undefined;
}

/** The named ports; a variadic one has a place for each of its inputs, and one more. */
export function inputSlots({
  definition,
  from,
}: Pick<LayerView, 'definition' | 'from'>): readonly InputSlot[] {
  const ports = portsOf(definition);
  const last = ports.at(-1);
  const count = Math.max(ports.length, from.length + (last?.variadic ? 1 : 0));
  return Array.from({ length: count }, (_, index) => {
    const port = ports[index];
    const named = port !== undefined && !port.variadic;
    const label = named ? port.name : l10n.t('input {0}', index + 1);
    return { index, label, named, ref: from[index] };
  });
}

export function shapeOf(view: NetworkView, { layer, output }: OutputRef): Shape | undefined {
  const inferred = view.byName.get(layer)?.typed?.inferred;
  return output === undefined ? inferred?.output : inferred?.extraOutputs?.[output];
}

export interface Reader {
  readonly to: string;
  readonly index: number;
  readonly ref: OutputRef;
}

/** The layers that read an output of `name`. */
export const readersOf = (view: NetworkView, name: string): readonly Reader[] =>
  view.layers.flatMap((layer) =>
    layer.from.flatMap((ref, index) => (ref.layer === name ? [{ to: layer.name, index, ref }] : [])),
  );
