/** The line below a picture with statistics that explains its signs and marks: in print nothing can be pointed at. */
import * as l10n from '@vscode/l10n';
import { type HealthState, healthLabel, healthStates } from '../../engine/schema/healthStates.ts';
import type { NetworkStats } from '../../engine/stats/define.ts';
import { type Health, healthOf } from '../../engine/stats/health.ts';
import { tile } from '../canvas/marks.ts';
import { isRow } from '../model/cardSizes.ts';
import type { FlowNode } from '../model/flow.ts';
import { badgeAt, cardPlaces, markTile } from './card.ts';
import type { PictureLook } from './looks.ts';
import type { Box } from './notes.ts';
import { element, textElement, textWidth } from './svg.ts';

interface Entry {
  readonly sign: string | Health;
  readonly meaning: string;
}

const size = 11;
const lineHeight = 18;
/** Between a sign and its meaning, and between two entries. */
const gap = { within: 5, between: 18 } as const;

/** The signs and marks in the picture. Words on cards explain themselves. */
function entriesOf(nodes: readonly FlowNode[], stats: NetworkStats): readonly Entry[] {
  const signs = new Map<string, string>();
  const states = new Map<HealthState, Health>();
  for (const { id, layer } of nodes) {
    if (!Object.hasOwn(stats, id)) continue;
    const health = healthOf(stats[id]);
    if (health) states.set(health.state, health);
    if (isRow(layer.definition)) continue;
    for (const place of cardPlaces) {
      const badge = badgeAt(stats[id], place);
      if (badge && badge.label.length === 1) signs.set(badge.label, badge.name);
    }
    if (layer.summary && layer.summary.parameters > 0) signs.set('θ', l10n.t('Parameters'));
  }
  return [
    ...[...signs].map(([sign, meaning]) => ({ sign, meaning })),
    ...healthStates.flatMap((state) => {
      const sign = states.get(state);
      return sign ? [{ sign, meaning: healthLabel(state) }] : [];
    }),
  ];
}

export interface Legend {
  readonly box: Box;
  readonly svg: string;
}

/** Below `above`, and as wide as that; undefined if there is nothing to explain. */
export function drawLegend(
  nodes: readonly FlowNode[],
  stats: NetworkStats,
  above: Box,
  look: PictureLook,
): Legend | undefined {
  const entries = entriesOf(nodes, stats);
  if (entries.length === 0) return undefined;
  const plain = { size, fill: look.muted };
  const top = above.y + above.height + 24;
  let [x, y] = [above.x, top];
  const parts = entries.map(({ sign, meaning }) => {
    const start = typeof sign === 'string' ? textWidth(sign, plain) : tile;
    const width = start + gap.within + textWidth(meaning, plain);
    if (x > above.x && x + width > above.x + above.width) [x, y] = [above.x, y + lineHeight];
    const drawn =
      typeof sign === 'string'
        ? textElement(sign, x, y, { size, fill: look.text })
        : element('g', { transform: `translate(${x} ${y - tile + 2})` }, markTile(sign, look));
    const text = textElement(meaning, x + start + gap.within, y, plain);
    x += width + gap.between;
    return drawn + text;
  });
  const height = y - top + size;
  return {
    box: { x: above.x, y: top - size, width: above.width, height },
    svg: element('g', {}, parts.join('')),
  };
}
