/**
 * The contract of a finding: what a file under `rules/` declares about one way in which a network, its data or its
 * training fails. From it follow the event of a run, the diagnostic on the layer's line, the mark on its node, its page
 * of the reference, the fix that buttons offer, and its tests.
 */
import * as l10n from '@vscode/l10n';
import type { Json, Path } from '../schema/attributes.ts';
import type { Fix } from '../schema/problem.ts';
import type { Severity } from '../schema/severity.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { changesNothing } from './emptyEdit.ts';
import { type Limits, limitsOf } from './limits.ts';
import type { DataLook, NetworkLook, TrainingLook } from './look.ts';

/** What a rule must know: the text alone, the data too, or what was measured in training. */
export interface Looks {
  readonly static: NetworkLook;
  readonly data: DataLook;
  readonly training: TrainingLook;
}

export type Need = keyof Looks;

/** The number that was measured, and the limit that it exceeds. */
export interface Evidence {
  readonly value: number;
  readonly limit: number;
}

/**
 * What a rule sees in one layer, or in the network. A healthy layer is also seen, so that the states before and after a fix can
 * be compared.
 */
export interface Sighting {
  /** The layer that causes it. */
  readonly layer?: string;
  /** Where in the document's value, if it is not the layer as a whole. */
  readonly place?: Path;
  /** Undefined if there is no fault. */
  readonly severity: Severity | undefined;
  readonly evidence: Evidence;
  /** It has a cause of its own, whatever else was found: no other finding is reported instead. */
  readonly hasOwnCause?: boolean;
  /** What is wrong, by which number, and what to do. The layer's name is put before it; without a layer, it is given a capital letter. */
  message(): string;
}

/** A network as its text. */
export type NetworkSample = { readonly [section: string]: Json };

export interface FindingDefinition<
  C extends string = string,
  N extends Need = Need,
  L extends Limits = Limits,
> {
  /** Its identifier, e.g. "relu/dead". */
  readonly code: C;
  readonly title: string;
  /** Markdown: what it is, how it is measured, why it hurts, what helps, and where the limits come from. */
  readonly doc: string;
  readonly needs: N;
  /** What its evidence is the value of, in words, for people who compare two values. Absent if the value alone says little. */
  readonly measures?: () => string;
  /** The statistic of its layer that shows it. */
  readonly statistic?: { readonly key: string };
  readonly limits: L;
  /** For rules that need a training: whether they look at steps, at epochs, or at what ended it. Default: steps. */
  readonly when?: 'step' | 'epoch' | 'failure';
  /** The number of looks in a row that must see it before it is reported. Default: 1. */
  readonly holds?: number;
  /** Findings that cause this one: if one of them is seen too, it is reported instead. */
  readonly causes?: readonly string[];
  /** It says how bad the result is, and not what causes that. */
  readonly namesNoCause?: true;
  /** It is concluded from losses alone. What is measured in a layer is more certain. */
  readonly fromLoss?: true;
  /** The loss looks better than it is, because the answer is among the inputs. So a fix may raise it. */
  readonly flattersLoss?: true;
  find(look: Looks[N], limits: L): readonly Sighting[];
  /** Edits that fix it in the current network, best first; `layer` is the layer that causes it. */
  fixes?(look: Looks[N], layer: string | undefined, limits: L): readonly Fix<SpecEdit>[];
  /**
   * Networks in which it must be found, others, as similar as possible, in which it must not, and one that is just on the healthy side of
   * a limit. Only tests make them. `npm run faults` writes sick and nearly sick ones, with the sick ones as fixed, to test/fixtures/faults/rules.
   */
  samples(): {
    readonly sick: readonly NetworkSample[];
    readonly nearMiss: NetworkSample;
    readonly healthy: readonly NetworkSample[];
  };
}

/** Checks the types of a definition, and returns it. */
export const defineFinding = <const C extends string, const N extends Need, L extends Limits>(
  definition: FindingDefinition<C, N, L>,
): FindingDefinition<C, N, L> => definition;

/** Edits that fix what a rule found in a layer, or in the whole network; best first. Those that change nothing are left out. */
export const fixesOf = <N extends Need>(
  rule: Pick<FindingDefinition<string, N>, 'code' | 'fixes' | 'limits'>,
  layer: string | undefined,
  look: Looks[N],
): readonly Fix<SpecEdit>[] =>
  (rule.fixes?.(look, layer, limitsOf(rule, look)) ?? []).filter(({ edit }) => !changesNothing(look, edit));

/** A sighting in the form in which it is reported. `effects`: titles of findings that it explains. */
export function findingOf<N extends Need>(
  rule: Pick<FindingDefinition<string, N>, 'code' | 'fixes' | 'limits' | 'measures' | 'statistic'>,
  { layer, place, severity, evidence, message }: Sighting & { readonly severity: Severity },
  look: Looks[N],
  step: number,
  effects: readonly string[] = [],
): Finding {
  const text = layer === undefined ? asSentence(message()) : `${layer}: ${message()}`;
  const explains = effects.length === 0 ? '' : ` ${l10n.t('This explains: {0}.', effects.join(', '))}`;
  const [fix] = fixesOf(rule, layer, look);
  return {
    code: rule.code,
    ...(layer === undefined ? {} : { layer }),
    severity,
    step,
    evidence,
    ...(rule.measures ? { measures: rule.measures() } : {}),
    ...(rule.statistic ? { statistic: rule.statistic.key } : {}),
    message: text + explains,
    path: place ?? (layer === undefined ? ['training'] : ['layers', layer]),
    ...(fix ? { fix } : {}),
  };
}

/** Messages continue the name of a layer. One without a layer begins with a capital letter. */
const asSentence = (message: string): string => message.charAt(0).toLocaleUpperCase() + message.slice(1);

/** A reported finding: an event of a run, a diagnostic of `check`. */
export interface Finding {
  readonly code: string;
  readonly layer?: string;
  readonly severity: Severity;
  /** The training step at which it was seen; 0 before the first. */
  readonly step: number;
  readonly evidence: Evidence;
  /** What the evidence is the value of. */
  readonly measures?: string;
  /** The key of the statistic of the layer that shows it. */
  readonly statistic?: string;
  readonly message: string;
  /** Place in the document's value. */
  readonly path: Path;
  /** The best fix; all of them are in the rule's `fixes`. */
  readonly fix?: Fix<SpecEdit>;
}
