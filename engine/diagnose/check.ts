/** The diagnosis of a text: what reading it finds wrong, and what rules see in the network without running it. */
import { analyze } from '../graph/analyze.ts';
import type { Analysis } from '../graph/typed.ts';
import type { Work } from '../schema/nearest.ts';
import type { Diagnostic } from '../spec/document.ts';
import { mostShown } from '../spec/problems.ts';
import { Source } from '../spec/source.ts';
import { readSyntax } from '../spec/syntax.ts';
import { type Finding, type FindingDefinition, findingOf } from './define.ts';
import type { NetworkLook } from './look.ts';
import { staticFindings } from './staticRegistry.ts';

/** An analysis whose diagnostics hold findings too. Never throws; a network with errors is only analyzed. */
export function diagnose(text: string, work?: Work): Analysis {
  const analysis: Analysis = analyze(text, work);
  if (!analysis.sound) return analysis;
  const findings = findIn({ analysis });
  if (findings.length === 0) return analysis;
  const source = new Source(readSyntax(text).root);
  const more = findings.slice(0, Math.max(0, mostShown - analysis.diagnostics.length)).map(
    ({ code, layer, severity, message, path, fix }): Diagnostic => ({
      code,
      severity,
      message,
      ...(layer === undefined ? {} : { layer }),
      path,
      range: source.range(path, path[0] === 'layers' && path.length === 2 ? 'key' : 'value'),
      ...(fix ? { fix } : {}),
    }),
  );
  const diagnostics = [...analysis.diagnostics, ...more].sort((a, b) => a.range.start - b.range.start);
  return { ...analysis, diagnostics };
}

/** What rules see in a network without running it. */
export const findIn = (look: NetworkLook): readonly Finding[] =>
  staticFindings.flatMap((rule: FindingDefinition<string, 'static'>) =>
    rule.find(look, rule.limits).flatMap((sighting) => {
      const { severity } = sighting;
      return severity === undefined ? [] : [findingOf(rule, { ...sighting, severity }, look, 0)];
    }),
  );
