/** How severe a problem or a finding is, and the order of that. */

/** The worst first. */
export const severities = ['error', 'warning', 'info'] as const;

export type Severity = (typeof severities)[number];

interface Severe {
  readonly severity: Severity;
}

/** Sorts the worst first. Equals stay in their order. */
export const bySeverity = (one: Severe, other: Severe): number =>
  severities.indexOf(one.severity) - severities.indexOf(other.severity);

/** Whether it is as severe as `least`, or worse. */
export const isAtLeast = ({ severity }: Severe, least: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(least);

/** The worse one; the first of equals. */
export const severest = <S extends Severe>(one: S, other: S): S => (bySeverity(one, other) > 0 ? other : one);
