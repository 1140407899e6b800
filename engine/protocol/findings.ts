/** Findings as people read them: of what is found in a layer, the newest report, such as an error that was a warning before. */

interface Found {
  readonly code: string;
  readonly layer?: string | undefined;
}

/** The same for all reports of one fault. */
export const findingKey = ({ code, layer = '' }: Found): string => `${code} ${layer}`;

/** Of each fault the newest report, in the order of these. */
export function newestFindings<F extends Found>(findings: readonly F[]): readonly F[] {
  const newest = new Map<string, F>();
  for (const one of findings) {
    const key = findingKey(one);
    newest.delete(key);
    newest.set(key, one);
  }
  return [...newest.values()];
}
