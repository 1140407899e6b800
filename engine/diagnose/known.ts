/** Checks that the finding and the layer in a request exist, before anything is trained for it. */
import * as l10n from '@vscode/l10n';
import { nearest } from '../schema/nearest.ts';
import { findings } from './registry.ts';

const codes: readonly string[] = findings.map(({ code }) => code);

/** The most names that are listed. */
const mostNames = 8;

/** Why there can be no such finding, with the most similar names; undefined if there can. `layers`: those of the network. */
export function unknownFinding(
  code: string,
  layer: string | undefined,
  layers: readonly string[],
): string | undefined {
  if (!codes.includes(code))
    return withNearest(l10n.t('there is no finding "{0}".', code), near(code, codes));
  if (layer === undefined || layers.includes(layer)) return undefined;
  const closest = nearest(layer, layers);
  const message = l10n.t('there is no layer "{0}".', layer);
  if (closest !== undefined) return withNearest(message, [closest]);
  const listed = layers.slice(0, mostNames).join(', ');
  return layers.length <= mostNames
    ? `${message} ${l10n.t('The layers are {0}.', listed)}`
    : `${message} ${l10n.t('The first layers are {0}.', listed)}`;
}

const withNearest = (message: string, names: readonly string[]): string =>
  names.length === 0 ? message : `${message} ${l10n.t('Did you mean {0}?', names.join(', '))}`;

/** The code that is most similar to a mistyped one, and those that share a part with it. */
function near(typed: string, known: readonly string[]): readonly string[] {
  const parts = typed.toLowerCase().split('/');
  const meant = parts.map((part) => nearest(part, new Set(known.flatMap((one) => one.split('/')))) ?? part);
  const sharing = known.filter((one) => one.split('/').some((part) => meant.includes(part)));
  const closest = nearest(typed, known);
  return [...new Set([...(closest === undefined ? [] : [closest]), ...sharing])].slice(0, mostNames);
}
