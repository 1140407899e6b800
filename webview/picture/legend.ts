/** The line below a picture with statistics that explains its signs and marks: in print nothing can be pointed at. */
import * as l10n from '@vscode/l10n';
import { type HealthState, healthLabel, healthStates } from '../../engine/schema/healthStates.ts';
import type { NetworkStats } from '../../engine/stats/define.ts';
import { type Health, healthOf } from '../../engine/stats/health.ts';
import {
  type GradientLevel,
  gradientDashes,
  gradientLevelNames,
  gradientTints,
  type LineLook,
  widths,
} from '../canvas/gradientFlow.ts';
import { tile } from '../canvas/marks.ts';
import { isRow } from '../model/cardSizes.ts';
import type { FlowNode } from '../model/flow.ts';
import { badgeAt, cardPlaces, markTile } from './card.ts';
import type { PictureLook } from './looks.ts';
import type { Box } from './notes.ts';
import { element, pathElement, textElement, textWidth } from './svg.ts';

/** A sign, drawn with its left end at a point of the line of text. */
interface Entry {
  readonly width: number;
  readonly draw: (x: number, y: number) => string;
  readonly meaning: string;
}

const size = 11;
const lineHeight = 18;
/** Between a sign and its meaning, and between two entries. */
const gap = { within: 5, between: 18 } as const;
/** Of the sample of a line, and its distance above the bottom of the text. */
const sample = { width: 26, above: 4 } as const;

/** The colour and pattern of a connection. */
export const strokeOf = (level: GradientLevel | undefined, look: PictureLook) => ({
  stroke: look[(level && gradientTints[level]) ?? 'edge'],
  'stroke-dasharray': level && gradientDashes[level],
});

/** What the colour and pattern of a connection say; nothing of a level gradient. */
export const levelMeanings: { readonly [L in GradientLevel]?: () => string } = {
  vanished: () => l10n.t('gradient at most a thousandth of that at the loss'),
  weak: () => l10n.t('gradient at most a tenth of that at the loss'),
  strong: () => l10n.t('gradient more than ten times that at the loss'),
  exploded: () => l10n.t('gradient more than a thousand times that at the loss'),
};

interface Explained {
  readonly nodes: readonly FlowNode[];
  readonly stats: NetworkStats;
  readonly lines: readonly LineLook[];
  readonly look: PictureLook;
}

/** The signs, lines and marks in the picture. Words on cards explain themselves. */
function entriesOf({ nodes, stats, lines, look }: Explained): readonly Entry[] {
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
  const text = { size, fill: look.text };
  const levels = new Set(lines.map(({ level }) => level));
  return [
    ...[...signs].map(([sign, meaning]) => ({
      width: textWidth(sign, text),
      draw: (x: number, y: number) => textElement(sign, x, y, text),
      meaning,
    })),
    ...gradientLevelNames.flatMap((level) => {
      const meaning = levelMeanings[level]?.();
      if (meaning === undefined || !levels.has(level)) return [];
      const draw = (x: number, y: number) =>
        pathElement(`M${x},${y - sample.above}h${sample.width}`, {
          fill: 'none',
          ...strokeOf(level, look),
          'stroke-width': widths.one,
        });
      return [{ width: sample.width, draw, meaning }];
    }),
    ...healthStates.flatMap((state) => {
      const sign = states.get(state);
      if (!sign) return [];
      const draw = (x: number, y: number) =>
        element('g', { transform: `translate(${x} ${y - tile + 2})` }, markTile(sign, look));
      return [{ width: tile, draw, meaning: healthLabel(state) }];
    }),
  ];
}

export interface Legend {
  readonly box: Box;
  readonly svg: string;
}

/** Below `above`, and as wide as that or as its longest entry; undefined if there is nothing to explain. */
export function drawLegend({ above, ...explained }: Explained & { readonly above: Box }): Legend | undefined {
  const entries = entriesOf(explained);
  if (entries.length === 0) return undefined;
  const plain = { size, fill: explained.look.muted };
  const top = above.y + above.height + 24;
  let [x, y] = [above.x, top];
  let right = above.x + above.width;
  const parts = entries.map(({ width, draw, meaning }) => {
    const whole = width + gap.within + textWidth(meaning, plain);
    if (x > above.x && x + whole > above.x + above.width) [x, y] = [above.x, y + lineHeight];
    const drawn = draw(x, y) + textElement(meaning, x + width + gap.within, y, plain);
    right = Math.max(right, x + whole);
    x += whole + gap.between;
    return drawn;
  });
  const height = y - top + size;
  return {
    box: { x: above.x, y: top - size, width: right - above.x, height },
    svg: element('g', {}, parts.join('')),
  };
}
