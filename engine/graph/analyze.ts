/** Text → Analysis: the one function by which host, webview and engine come to know a network. Never throws. */
import type { Diagnostic, NetworkSpec } from '../spec/document.ts';
import { type Parsed, parse } from '../spec/parse.ts';
import { insideQuotes, rangeOf } from '../spec/source.ts';
import { checkBatches } from './batches.ts';
import { buildGraph } from './build.ts';
import { inferShapes } from './infer.ts';
import { checkLosses, findUnused } from './losses.ts';
import { checkMetrics } from './metrics.ts';
import { summarize } from './summary.ts';
import type { Analysis } from './typed.ts';

export function analyze(text: string): Analysis {
  const parsed = parse(text);
  const { spec, source, readable } = parsed;
  const graph = buildGraph(spec);
  const { typed, issues: shapeIssues } = inferShapes(graph);
  const losses = spec.training?.losses ?? [];
  const lossIssues = checkLosses(losses, isLossList(parsed), graph, typed);
  const metricIssues = spec.training ? checkMetrics(spec.training, typed) : [];
  const batchIssues = checkBatches(spec.training, typed);
  const issues = [...graph.issues, ...shapeIssues, ...lossIssues, ...metricIssues, ...batchIssues];
  const errors = [...parsed.diagnostics, ...issues.map((issue) => source.locate(issue))];
  // Behind a mistake stand layers that only seem unused.
  const unused = spec.training && !errors.some(isError) ? findUnused(spec, losses, graph) : [];
  const diagnostics = [...errors, ...unused.map((issue) => source.locate(issue))];
  const faults = diagnostics.filter((one) => isError(one) && one.path[0] !== 'layout');
  const sound = readable && spec.layers.length > 0 && faults.every(({ path }) => path[0] === 'training');
  return {
    spec,
    graph: typed,
    summaries: summarize(typed),
    diagnostics: diagnostics.sort((a, b) => a.range.start - b.range.start),
    layerRanges: layerRanges(spec, parsed),
    readable,
    sound,
    trainable: sound && spec.training !== undefined && faults.length === 0,
  };
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

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
