/** Text → Analysis: the one function with which host, webview and engine read a network. Never throws. */

import type { Path } from '../schema/attributes.ts';
import { sharingWork, Work } from '../schema/nearest.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { LayerSpec, NetworkSpec } from '../spec/document.ts';
import { notesOf } from '../spec/notes.ts';
import { type Parsed, parse } from '../spec/parse.ts';
import { insideName } from '../spec/reference.ts';
import { type Issue, rangeOf, rangeOfName } from '../spec/source.ts';
import { checkBatches } from './batches.ts';
import type { Expansion, Stand } from './expand.ts';
import { withFixes } from './fixes/registry.ts';
import { inferShapes } from './infer.ts';
import { checkInputs } from './inputs.ts';
import { checkLosses, findUnused } from './losses.ts';
import { checkMetrics } from './metrics.ts';
import { expandBlocks, oncePerPlace } from './scopes.ts';
import { withStands, withTotals } from './stands.ts';
import { summarize } from './summary.ts';
import type { Analysis, LayerRanges } from './typed.ts';

/** Reads a text, checks it and infers its shapes. Never throws. `work` limits the cost of suggestions ("Did you mean …?"). */
export function analyze(text: string, work = new Work()): Analysis<ProblemCode> {
  return sharingWork(work, () => analyzeText(text));
}

function analyzeText(text: string): Analysis<ProblemCode> {
  const parsed = parse(text);
  const { spec: written, source, readable, problems } = parsed;
  const { graph, running, expansion, issues: wiringIssues, unread } = expandBlocks(written);
  const stands = expansion?.stands ?? [];
  const { typed: ran, issues: shapeIssues } = inferShapes(running);
  const typed = withStands(ran, stands);
  const losses = written.training?.losses ?? [];
  const lossesAreListed = isLossList(parsed);
  const lossIssues = checkLosses(losses, lossesAreListed, graph, typed);
  const metricIssues = written.training ? checkMetrics(written.training, typed) : [];
  const batchIssues = checkBatches(written.training, typed);
  const inputIssues = checkInputs(written.training, typed);
  const add = (issues: readonly Issue[]) => {
    for (const issue of issues) problems.add(issue.severity, issue.path, () => source.locate(issue));
  };
  const checked = [lossIssues, metricIssues, batchIssues, inputIssues];
  for (const issues of [wiringIssues, oncePerPlace(shapeIssues), ...checked]) add(issues);
  const spec = withLossesThatRun(written, expansion);
  // Layers after a mistake only seem unused.
  if (written.training && !problems.hasErrors) {
    add(findUnused(written, losses));
    add(unread());
  }
  const sound = readable && spec.layers.length > 0 && !problems.networkIsFaulty;
  return {
    spec,
    graph: typed,
    summaries: withTotals(summarize(typed), stands),
    diagnostics: withFixes(problems.shown, text, source, spec, typed),
    layerRanges: layerRanges(written, stands, parsed, expansion?.layers ?? []),
    notes: notesOfAll(text, parsed),
    lossesAreListed,
    trainingGiven: parsed.trainingGiven,
    readable,
    sound,
    trainable: sound && spec.training !== undefined && !problems.trainingIsFaulty,
  };
}

/** A loss that judges a use of a block judges the layer that gives the output of the block. */
function withLossesThatRun(spec: NetworkSpec, expansion: Expansion | undefined): NetworkSpec {
  if (!expansion || !spec.training) return spec;
  const losses = spec.training.losses.map((loss) => ({ ...loss, from: expansion.resolve(loss.from) }));
  return { ...spec, training: { ...spec.training, losses } };
}

/** The notes on all layers. Those on layers of blocks are under "block/layer". */
function notesOfAll(text: string, { spec, source }: Parsed): ReadonlyMap<string, string> {
  const notes = notesOf(text, source.node(['layers']));
  if (spec.blocks.size === 0) return notes;
  const all = new Map(notes);
  for (const block of spec.blocks.keys())
    for (const [layer, note] of notesOf(text, source.node(['blocks', block])))
      all.set(insideName(block, layer), note);
  return all;
}

function isLossList({ source }: Parsed): boolean {
  const training = source.node(['training', 'loss']);
  return training?.type === 'array';
}

/** The ranges of all layers. Layers inside of uses have the ranges where their block defines them. */
function layerRanges(
  { layers, blocks }: NetworkSpec,
  stands: readonly Stand[],
  { source }: Parsed,
  running: readonly LayerSpec[],
): Analysis['layerRanges'] {
  const known = new Map<string, LayerRanges>();
  const section = source.node(['layers']);
  const rangesAt = (path: Path): LayerRanges | undefined => {
    const at = path[0] === 'layers' ? section : source.node(path.slice(0, -1));
    const property = at && source.property(at, String(path.at(-1)));
    return property && { whole: rangeOf(property), name: rangeOfName(property) };
  };
  const ranges = new Map<string, LayerRanges>();
  const defined = [...blocks.values()].flatMap((block) =>
    block.layers.map(({ name, path }) => ({ name: insideName(block.name, name), path })),
  );
  const all = [...layers, ...running, ...stands.map(({ spec }) => spec), ...defined];
  for (const { name, path } of all) {
    if (ranges.has(name)) continue;
    // The layers of a block are defined once, and may run many times.
    const place = path[0] === 'blocks' ? path.join('\n') : undefined;
    const found = (place !== undefined && known.get(place)) || rangesAt(path);
    if (!found) continue;
    if (place !== undefined) known.set(place, found);
    ranges.set(name, found);
  }
  return ranges;
}
