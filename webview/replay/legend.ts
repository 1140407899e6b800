/** The legend below the graph of the page: what the width, colour and pattern of its connections say. */
import * as l10n from '@vscode/l10n';
import { element, pathElement, xmlText } from '../picture/svg.ts';
import type { ReplayLine } from './data.ts';

const sample = { width: 30, height: 8 } as const;

/** Of the looks that occur in the run, each that says something; empty for a run without statistics. */
export function legendOf(lines: readonly ReplayLine[]): string {
  if (lines.length === 0) return '';
  const meanings = new Map(lines.flatMap((line) => (line.meaning ? [[line.meaning, line] as const] : [])));
  const widths = entry(
    { d: 'M0,3.5L30,2v4L0,4.5z', fill: 'var(--edge)' },
    l10n.t('values that flow along: the wider, the larger'),
  );
  const levels = [...meanings].map(([meaning, { stroke, dashes }]) =>
    entry(
      { d: 'M0,4h30', fill: 'none', stroke, 'stroke-width': 2, 'stroke-dasharray': dashes || undefined },
      meaning,
    ),
  );
  return element('ul', { id: 'legend', 'aria-label': l10n.t('Connections') }, widths + levels.join(''));
}

function entry(
  { d, ...look }: { readonly d: string; readonly [name: string]: string | number | undefined },
  meaning: string,
): string {
  const drawn = element('svg', { ...sample, 'aria-hidden': 'true' }, pathElement(d, look));
  return element('li', {}, drawn + xmlText(meaning));
}
