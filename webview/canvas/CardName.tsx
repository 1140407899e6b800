/**
 * What a screen reader reads out for a card: everything shown on it, including statistics, marks and problems. The
 * card's element is labelled by this one, so that only this one is rendered again when statistics change.
 */

import { healthLabel } from '../../engine/schema/healthStates.ts';
import { badgeOf } from '../../engine/stats/format.ts';
import { healthOf } from '../../engine/stats/health.ts';
import { shownStatistics } from '../../engine/stats/registry.ts';
import { describeLayer } from '../model/flow.ts';
import type { LayerView } from '../model/network.ts';
import { useStats } from '../model/run.ts';

/** Without spaces, which would end an id in a list of ids. */
export const cardNameId = (layer: string): string =>
  `card-${Array.from(layer, (sign) => sign.codePointAt(0)!.toString(36)).join('-')}`;

export function CardName({ layer }: { readonly layer: LayerView }) {
  const stats = useStats(layer.name);
  const health = stats && healthOf(stats);
  const badges = stats ? shownStatistics(stats).flatMap((shown) => badgeOf(shown) ?? []) : [];
  const parts = [
    describeLayer(layer),
    ...(health ? [healthLabel(health.state)] : []),
    ...badges.filter(({ card }) => card !== undefined).map(({ name, value }) => `${name} ${value.trim()}`),
    ...layer.problems.map(({ message }) => message),
  ];
  return (
    <span id={cardNameId(layer.name)} hidden>
      {parts.join(', ')}
    </span>
  );
}
