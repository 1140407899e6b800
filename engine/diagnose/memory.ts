/** What the diagnosis of a training remembers, by which keys, and how severities compare. */
import type { Severity } from '../schema/severity.ts';
import type { Finding, Sighting } from './define.ts';
import type { Check, EpochLook } from './look.ts';

export interface DiagnosisState {
  /** The step at which to look next. */
  readonly due: number;
  readonly checks: readonly Check[];
  readonly first: Check | null;
  /** Sum of the loss since the last look, and the number of steps. */
  readonly losses: readonly [sum: number, steps: number];
  readonly epochs: readonly EpochLook[];
  /** For each rule and layer: the number of looks in a row that saw a fault. */
  readonly looks: { readonly [ruleAndLayer: string]: number };
  /**
   * The severity with which each finding was reported, by code and layer. One that is over can be reported again, and still explains
   * its effects; information that is over was never a fault, and an error that is over was beyond doubt.
   */
  readonly reported: { readonly [finding: string]: Reported };
  /** Found, but not reported yet. */
  readonly found: readonly Finding[];
}

export type Reported = Severity | 'over' | 'infoOver' | 'errorOver';

/** How a finding is remembered once it is no longer seen. */
export const overOf = (reported: Reported): Reported =>
  isInformation(reported) ? 'infoOver' : isError(reported) ? 'errorOver' : 'over';

/** What a rule saw in a layer; without a severity if there was no fault. */
export type Measured = Pick<Sighting, 'severity' | 'evidence'>;

export const weight: { readonly [R in Reported]: number } = {
  over: -1,
  infoOver: -1,
  errorOver: -1,
  info: 0,
  warning: 1,
  error: 2,
};

export const isError = (reported: Reported): boolean => reported === 'error' || reported === 'errorOver';

export const isInformation = (reported: Reported): boolean => reported === 'info' || reported === 'infoOver';

/** Healthy ones first, errors last. */
export const leastSevereFirst = ({ severity: one }: Measured, { severity: other }: Measured): number =>
  (one === undefined ? -1 : weight[one]) - (other === undefined ? -1 : weight[other]);

/** A code or the name of a rule, with a layer. */
export const keyOf = (name: string, layer: string | undefined): string => `${name} ${layer ?? ''}`;
export const nameIn = (key: string): string => key.slice(0, key.indexOf(' '));
export const layerOf = (key: string): string | undefined => key.slice(key.indexOf(' ') + 1) || undefined;
