/** Limits of findings: each rule declares its own, and a person can set each by "code/limit", such as "relu/dead/error". */
import * as l10n from '@vscode/l10n';
import { nearest } from '../schema/nearest.ts';

/** The limits of a rule by name. People can set each of them. */
export type Limits = { readonly [name: string]: number };

/** The limits that a person set, by "code/limit". All others are those that the rules declare. */
export type LimitSettings = { readonly [key: string]: number };

interface Limited<L extends Limits = Limits> {
  readonly code: string;
  readonly limits: L;
}

/** The limits that apply to a rule. */
export function limitsOf<L extends Limits>(
  { code, limits }: Limited<L>,
  { limits: settings = {} }: { readonly limits?: LimitSettings },
): L {
  const changed = Object.keys(limits).filter((name) => Object.hasOwn(settings, `${code}/${name}`));
  if (changed.length === 0) return limits;
  return { ...limits, ...Object.fromEntries(changed.map((name) => [name, settings[`${code}/${name}`]])) };
}

/** Every limit that can be set, with its default. Rules with the same code share limits. */
export const allLimits = (rules: readonly Limited[]): ReadonlyMap<string, number> =>
  new Map(
    rules.flatMap(({ code, limits }) =>
      Object.entries(limits).map(([name, value]): [string, number] => [`${code}/${name}`, value]),
    ),
  );

/** The valid settings, and the problems of the others. Never throws, whatever a settings file contains. */
export function readLimits(
  value: unknown,
  rules: readonly Limited[],
): { readonly limits: LimitSettings; readonly problems: readonly string[] } {
  if (value === undefined || value === null) return { limits: {}, problems: [] };
  if (typeof value !== 'object' || Array.isArray(value))
    return {
      limits: {},
      problems: [l10n.t('limits of findings are an object, such as {0}.', '{ "relu/dead/error": 0.5 }')],
    };
  const known = allLimits(rules);
  const limits: { [key: string]: number } = {};
  const problems: string[] = [];
  for (const [key, number] of Object.entries(value)) {
    if (!known.has(key)) problems.push(unknownLimit(key, [...known.keys()]));
    else if (typeof number !== 'number' || !Number.isFinite(number))
      problems.push(
        l10n.t(
          'the limit "{0}" must be a number, but it is {1}. Its default is {2}.',
          key,
          shown(number),
          known.get(key)!,
        ),
      );
    else limits[key] = number;
  }
  return { limits, problems };
}

function unknownLimit(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined
    ? l10n.t(
        'there is no limit "{0}". Write the finding and the name of the limit, such as "relu/dead/error".',
        key,
      )
    : l10n.t('there is no limit "{0}". Did you mean "{1}"?', key, meant);
}

/** JSON has no NaN and no infinity. */
const shown = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
