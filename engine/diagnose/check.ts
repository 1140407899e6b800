/** The diagnosis of a text: the problems found by reading it, and the findings of rules in the network without running it. */
import type { InputField } from '../data/define.ts';
import { fieldsOf, writtenData } from '../data/written.ts';
import { analyze } from '../graph/analyze.ts';
import { dataProblem } from '../graph/dataMatch.ts';
import { oncePerPlace } from '../graph/scopes.ts';
import type { Analysis } from '../graph/typed.ts';
import type { Described } from '../schema/kind.ts';
import type { ProblemError } from '../schema/problem.ts';
import type { Diagnostic } from '../spec/document.ts';
import { mostShown, withFindings } from '../spec/problems.ts';
import { Source } from '../spec/source.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { readSyntax } from '../spec/syntax.ts';
import { type Finding, type FindingDefinition, findingOf, type Sighting } from './define.ts';
import { type LimitSettings, limitsOf } from './limits.ts';
import type { NetworkLook } from './look.ts';
import { staticFindings } from './staticRegistry.ts';

/** An analysis whose diagnostics also contain findings. */
export interface Diagnosed extends Analysis {
  /** The findings alone. */
  readonly findings: readonly Diagnostic[];
  /** What does not fit the data, as far as those are known. */
  readonly misfits: readonly Diagnostic[];
  /** The input of its data, if that is known. */
  readonly input: InputField | undefined;
}

/** What a person has set, and what is known of the data of a network. */
export interface Circumstances {
  /** The limits of findings. */
  readonly limits?: LimitSettings;
  /** The input of data in files, if it is known. */
  readonly inputOf?: (data: Described) => InputField | undefined;
}

/** Diagnoses a text, also whether it fits the data that are known. Never throws. A network with errors gets no findings. */
export function diagnose(text: string, { limits = {}, inputOf }: Circumstances = {}): Diagnosed {
  const analysis: Analysis = analyze(text);
  const data = writtenData(analysis.trainingGiven);
  const input = data && (fieldsOf(data)?.inputs[0] ?? inputOf?.(data));
  const misfit = analysis.trainable ? dataProblem(analysis, input) : undefined;
  const misfits = misfit ? locate(text, [misfitOf(misfit)]) : [];
  const findings = analysis.sound ? locate(text, findIn({ analysis, limits })) : [];
  const diagnostics = withFindings(analysis.diagnostics, [...misfits, ...findings]);
  return { ...analysis, diagnostics, misfits, findings, input };
}

type Found = Pick<Finding, 'severity' | 'message' | 'path'> &
  Partial<Pick<Finding, 'layer' | 'fix'>> & { readonly code: string };

/** A problem of a layer is marked on its card, too. */
function misfitOf({ code, message, place, fix }: ProblemError<SpecEdit>): Found {
  const [section, layer] = place;
  return {
    ...{ code, message, path: place, severity: 'error' },
    ...(section === 'layers' && layer !== undefined ? { layer: String(layer) } : {}),
    ...(fix ? { fix } : {}),
  };
}

function locate(text: string, findings: readonly Found[]): readonly Diagnostic[] {
  if (findings.length === 0) return [];
  const source = new Source(readSyntax(text).root);
  const located = findings.map(({ code, layer, severity, message, path, fix }) => {
    // The place of a layer inside a block is its definition in the block, for every use.
    const place = source.definitionOf(path);
    const isLayer = place.length === (place[0] === 'blocks' ? 3 : 2) && place[0] !== 'training';
    // All lines of a section would be underlined.
    const on = isLayer || place.length === 1 ? 'key' : 'value';
    return {
      code,
      severity,
      message,
      ...(layer === undefined ? {} : { layer }),
      path: place,
      range: source.range(place, on),
      ...(fix ? { fix } : {}),
    };
  });
  return oncePerPlace(located);
}

type StaticRule = FindingDefinition<string, 'static'>;

/**
 * The findings of rules in a network without running it. A message and a fix take work, so of each rule there are not many more than are
 * shown for one text. `onFound` gets the rule and layer of each finding.
 */
export const findIn = (
  look: NetworkLook,
  onFound: (rule: StaticRule, layer: string | undefined) => void = () => undefined,
): readonly Finding[] =>
  staticFindings.flatMap((rule: StaticRule) =>
    firstOf(
      rule
        .find(look, limitsOf(rule, look))
        .flatMap(({ severity, ...sighting }) => (severity === undefined ? [] : [{ ...sighting, severity }])),
      look,
    ).map((sighting) => {
      onFound(rule, sighting.layer);
      return findingOf(rule, sighting, look, 0);
    }),
  );

/** The first ones, and the first one of each further layer of the text: a block can have more uses than are shown. */
function firstOf<S extends Sighting>(sightings: readonly S[], { analysis }: NetworkLook): readonly S[] {
  const seen = new Set<string>();
  return sightings.filter(({ layer = '' }, index) => {
    const written = JSON.stringify(analysis.graph.byName.get(layer)?.spec.path);
    const isFurther = seen.size < mostShown && !seen.has(written);
    seen.add(written);
    return index < mostShown || isFurther;
  });
}
