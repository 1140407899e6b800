/** All fixers by the code of the problem that they fix. For a code without one, no fix is known. */
import type { ProblemCode } from '../../schema/problemCodes.ts';
import type { BlockSpec, Diagnostic, NetworkSpec } from '../../spec/document.ts';
import { insideName } from '../../spec/reference.ts';
import type { Source } from '../../spec/source.ts';
import { blockAt, firstUses, graphInside, sourceInside, specInside } from '../inside.ts';
import type { TypedGraph } from '../typed.ts';
import { blockFixers } from './blocks.ts';
import type { Fixer, Fixers, Subject } from './define.ts';
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
  ...blockFixers,
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
  'shape/slice': shapeFix,
  'shape/stateful': shapeFix,
  'shape/too-large': shapeFix,
  'shape/truncate': shapeFix,
};

/**
 * How many layers may be examined for fixes in all: each fix may examine all layers once. In a network of 2,000 layers, every
 * problem that is shown gets its fix; in one of 10,000, the first twenty do.
 */
const fixBudget = 200_000;

/** The same problems, with their fixes where they are known. A problem that already has a fix keeps it. */
export function withFixes(
  problems: readonly Diagnostic<ProblemCode>[],
  text: string,
  source: Source,
  spec: NetworkSpec,
  graph: TypedGraph,
): readonly Diagnostic<ProblemCode>[] {
  if (problems.length === 0) return problems;
  const tries = { left: mostTries };
  const subjects = new Map<string, Subject>();
  const network = subjectOf(text, source, spec, graph, tries);
  const uses = firstUses(graph);
  const subjectInside = (block: BlockSpec, prefix: string | undefined): Subject => {
    const key = insideName(block.name, prefix ?? '');
    const known = subjects.get(key);
    if (known) return known;
    const scope = [specInside(spec, block), graphInside(graph, block, prefix)] as const;
    const subject = subjectOf(text, sourceInside(source, block.name), ...scope, tries);
    subjects.set(key, subject);
    return subject;
  };
  const fixOf = (problem: Diagnostic<ProblemCode>): ReturnType<Fixer> => {
    const fixer = fixers[problem.code];
    const name = blockAt(problem.path);
    if (!fixer || name === undefined) return fixer?.(problem, network);
    const block = spec.blocks.get(name);
    if (!block) return undefined;
    const [, , part, ...rest] = problem.path;
    const fix = fixer(
      { ...problem, layer: String(part), path: ['layers', part, ...rest] },
      subjectInside(block, placeOfUse(problem, String(part), graph) ?? uses.get(name)),
    );
    return fix && { ...fix, edit: { kind: 'inBlock', block: name, edit: fix.edit } };
  };
  const most = Math.floor(fixBudget / Math.max(1, spec.layers.length));
  return problems.map((problem, index) => {
    if (index >= most) return problem;
    const fix = problem.fix ?? fixOf(problem);
    return fix ? { ...problem, fix } : problem;
  });
}

/** The prefix of the names inside of a use, if the problem names a layer of that use. */
function placeOfUse({ layer }: Diagnostic, part: string, graph: TypedGraph): string | undefined {
  const prefix = layer?.endsWith(`/${part}`) ? layer.slice(0, -part.length) : undefined;
  return prefix !== undefined && graph.byName.has(prefix.split('/')[0]) ? prefix : undefined;
}

function subjectOf(
  text: string,
  source: Source,
  spec: NetworkSpec,
  graph: TypedGraph,
  tries: Subject['tries'],
): Subject {
  let readers: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    ...{ text, source, spec, graph, tries },
    layers: new Map(spec.layers.map((layer) => [layer.name, layer])),
    get readers() {
      readers ??= readersOf(spec);
      return readers;
    },
  };
}

function readersOf({ layers }: NetworkSpec): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const { name, from } of layers)
    for (const { layer } of from) {
      const known = readers.get(layer);
      if (known) known.push(name);
      else readers.set(layer, [name]);
    }
  return readers;
}
