/** Findings as people read them: of what is found in a layer, the newest report, such as an error that was a warning before. */

interface Found {
  readonly code: string;
  readonly layer?: string | undefined;
}

/** A finding in some layers, or without any in the network, as a trial is asked for it. */
export interface NamedFinding {
  readonly code: string;
  readonly layers?: readonly string[];
}

/** What names one finding in all the layers that have it. */
export function named(members: readonly Found[]): NamedFinding {
  const layers = members.flatMap(({ layer }) => (layer === undefined ? [] : [layer]));
  const { code } = members[0];
  return layers.length === 0 ? { code } : { code, layers };
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
