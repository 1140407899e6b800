/** Findings as people read them: of what is found in a layer, the newest report, such as an error that was a warning before. */

interface Found {
  readonly code: string;
  readonly layer?: string | undefined;
}

/** The same for all reports of one fault. */
export const findingKey = ({ code, layer = '' }: Found): string => `${code} ${layer}`;

/** The findings with another one, which replaces the earlier report of the same fault. */
export const withFinding = <F extends Found>(findings: readonly F[], found: F): readonly F[] => [
  ...findings.filter((one) => findingKey(one) !== findingKey(found)),
  found,
];
