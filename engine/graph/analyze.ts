/** Text → Analysis: the one function by which host, webview and engine come to know a network. Never throws. */
import { sharingWork, Work } from '../schema/nearest.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { NetworkSpec } from '../spec/document.ts';
import { notesOf } from '../spec/notes.ts';
import { type Parsed, parse } from '../spec/parse.ts';
import { type Issue, insideQuotes, rangeOf } from '../spec/source.ts';
import { checkBatches } from './batches.ts';
import { buildGraph } from './build.ts';
import { withFixes } from './fixes/registry.ts';
import { inferShapes } from './infer.ts';
import { checkLosses, findUnused } from './losses.ts';
import { checkMetrics } from './metrics.ts';
import { summarize } from './summary.ts';
import type { Analysis } from './typed.ts';

/** `work` bounds what suggestions ("Did you mean …?") may cost. */
export function analyze(text: string, work = new Work()): Analysis<ProblemCode> {
  return sharingWork(work, () => analyzeText(text));
}

function analyzeText(text: string): Analysis<ProblemCode> {
  const parsed = parse(text);
  const { spec, source, readable, problems } = parsed;
  const graph = buildGraph(spec);
  const { typed, issues: shapeIssues } = inferShapes(graph);
  const losses = spec.training?.losses ?? [];
  const lossesAreListed = isLossList(parsed);
  const lossIssues = checkLosses(losses, lossesAreListed, graph, typed);
  const metricIssues = spec.training ? checkMetrics(spec.training, typed) : [];
  const batchIssues = checkBatches(spec.training, typed);
  const add = (issues: readonly Issue[]) => {
    for (const issue of issues) problems.add(issue.severity, issue.path, () => source.locate(issue));
  };
  for (const issues of [graph.issues, shapeIssues, lossIssues, metricIssues, batchIssues]) add(issues);
  // Behind a mistake stand layers that only seem unused.
  if (spec.training && !problems.hasErrors) add(findUnused(spec, losses, graph));
  const sound = readable && spec.layers.length > 0 && !problems.networkIsFaulty;
  return {
    spec,
    graph: typed,
    summaries: summarize(typed),
    diagnostics: withFixes(problems.shown, text, source, spec, typed),
    layerRanges: layerRanges(spec, parsed),
    notes: notesOf(text, source.node(['layers'])),
    lossesAreListed,
    readable,
    sound,
    trainable: sound && spec.training !== undefined && !problems.trainingIsFaulty,
  };
}

function isLossList({ source }: Parsed): boolean {
  const training = source.node(['training', 'loss']);
  return training?.type === 'array';
}

function layerRanges({ layers }: NetworkSpec, { source }: Parsed): Analysis['layerRanges'] {
  const section = source.node(['layers']);
  const ranges = new Map<string, { whole: ReturnType<typeof rangeOf>; name: ReturnType<typeof rangeOf> }>();
  if (section)
    for (const { name } of layers) {
      const property = source.property(section, name);
      if (property) ranges.set(name, { whole: rangeOf(property), name: insideQuotes(property.children![0]) });
    }
  return ranges;
}
