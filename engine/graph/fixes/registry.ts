/** All fixers by the code of the problem that they fix. A code without one has no answer that is known. */
import type { ProblemCode } from '../../schema/problemCodes.ts';
import type { Diagnostic, NetworkSpec } from '../../spec/document.ts';
import type { Source } from '../../spec/source.ts';
import type { TypedGraph } from '../typed.ts';
import type { Fixers, Subject } from './define.ts';
import { shapeFix } from './shapes.ts';
import { syntaxFixers } from './syntax.ts';
import { trainingFixers } from './training.ts';
import { mostTries } from './tries.ts';
import { valueFixers } from './values.ts';
import { passByFix, wiringFixers } from './wiring.ts';

export const fixers: Fixers = {
  ...syntaxFixers,
  ...valueFixers,
  ...wiringFixers,
  ...trainingFixers,
  'attribute/range': shapeFix,
  'attribute/shape': shapeFix,
  'shape/axis': shapeFix,
  'shape/directions': shapeFix,
  'shape/empty': shapeFix,
  'shape/groups': shapeFix,
  'shape/initial-state': shapeFix,
  'shape/kernel-too-large': shapeFix,
  'shape/one-value': (problem, subject) => shapeFix(problem, subject) ?? passByFix(problem, subject),
  'shape/output-padding': shapeFix,
  'shape/padding': shapeFix,
  'shape/padding-too-large': shapeFix,
  'shape/rank': shapeFix,
  'shape/size': shapeFix,
  'shape/stateful': shapeFix,
  'shape/too-large': shapeFix,
  'shape/truncate': shapeFix,
};

/**
 * Layers that are looked at for fixes: each may take one look at all of them. In a network of 2,000 layers every problem that is
 * shown gets its fix, in one of 10,000 the first twenty do.
 */
const fixBudget = 200_000;

/** The same problems, with what fixes them where that is known. A problem that brings a fix of its own keeps it. */
export function withFixes(
  problems: readonly Diagnostic<ProblemCode>[],
  text: string,
  source: Source,
  spec: NetworkSpec,
  graph: TypedGraph,
): readonly Diagnostic<ProblemCode>[] {
  if (problems.length === 0) return problems;
  const readers = new Map<string, string[]>();
  for (const { name, from } of spec.layers)
    for (const { layer } of from) {
      const known = readers.get(layer);
      if (known) known.push(name);
      else readers.set(layer, [name]);
    }
  const layers = new Map(spec.layers.map((layer) => [layer.name, layer]));
  const subject: Subject = { text, source, spec, graph, layers, readers, tries: { left: mostTries } };
  const most = Math.floor(fixBudget / Math.max(1, spec.layers.length));
  return problems.map((problem, index) => {
    if (index >= most) return problem;
    const fix = problem.fix ?? fixers[problem.code]?.(problem, subject);
    return fix ? { ...problem, fix } : problem;
  });
}
