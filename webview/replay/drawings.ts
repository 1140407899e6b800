/** Drawings of detailed statistics, by the shape of their values. Texts are set as text only. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../engine/schema/numbers.ts';
import type { Histogram, ShapeValues } from '../../engine/schema/statistic.ts';
import {
  areaPath,
  axisOf,
  barsOn,
  barsPath,
  histogramHeights,
  linePath,
} from '../../engine/stats/drawings.ts';
import { drawPixels } from '../controls/drawPixels.ts';
import { pictureSheet } from '../controls/pictureSheet.ts';
import type { DrawnValue, ReplayDrawing } from './data.ts';
import { make } from './elements.ts';

export interface Drawing {
  readonly note?: string;
  readonly parts: readonly Element[];
  /** When the parts are on the page, where their colours are known. */
  draw?(): void;
}

type Shape = ReplayDrawing['shape'];

/** `all`: the values of all steps. */
type Draw<S extends Shape> = (
  value: ShapeValues[S],
  all: readonly ShapeValues[S][],
  of: ReplayDrawing,
) => Drawing;

const byShape: { readonly [S in Shape]: Draw<S> } = {
  histogram: drawHistogram,
  tracks: drawTracks,
  channels: drawChannels,
  pictures: drawPictures,
};

export const drawingOf = (of: ReplayDrawing, value: DrawnValue[1], all: readonly DrawnValue[1][]): Drawing =>
  (byShape[of.shape] as Draw<Shape>)(value, all, of);

const namespace = 'http://www.w3.org/2000/svg';

/** Outlines by class, stretched over the whole width. */
function outline(label: string, paths: { readonly [name: string]: string }): Element {
  const svg = document.createElementNS(namespace, 'svg');
  const attributes = {
    class: 'outline',
    viewBox: '0 0 1 1',
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  for (const [name, d] of Object.entries(paths)) {
    const path = document.createElementNS(namespace, 'path');
    path.setAttribute('class', name);
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

const ends = (...texts: readonly string[]): Element =>
  make('div', { className: 'ends' }, ...texts.map((textContent) => make('span', { textContent })));

function drawHistogram(value: Histogram, all: readonly Histogram[]): Drawing {
  const axis = axisOf(all);
  const text = (end: number) => formatNumber(value.scale === 'log' ? 10 ** end : end);
  const [low, high] = [text(axis.low), text(axis.high)];
  const total = value.counts.reduce((sum, count) => sum + count, value.zeros * Number(value.scale === 'log'));
  const zeros = total > 0 ? Math.round((100 * value.zeros) / total) : 0;
  return {
    note: value.zeros > 0 ? l10n.t('{0} % zero', zeros) : '',
    parts: [
      outline(l10n.t('From {0} to {1}', low, high), {
        bars: barsPath(histogramHeights(value, axis, barsOn(value, axis))),
      }),
      ends(low, high),
    ],
  };
}

function drawChannels(value: readonly number[]): Drawing {
  const sorted = [...value].sort((one, other) => other - one);
  const most = sorted[0] ?? 0;
  const dead = value.filter((activity) => activity === 0).length;
  const note = l10n.t('{0} of {1} at zero', dead, value.length);
  return {
    note,
    parts: [
      outline(note, { bars: barsPath(sorted.map((one) => (most > 0 ? one / most : 0))) }),
      ends(l10n.t('most active {0}', formatNumber(most)), formatNumber(sorted.at(-1) ?? 0)),
    ],
  };
}

function drawTracks(value: ShapeValues['tracks'], _: readonly unknown[], { parts }: ReplayDrawing): Drawing {
  const [[line, name] = ['', ''], low, high] = parts;
  const rows = Object.entries(value).map(([row, courses]) => {
    const main = courses[line] ?? [];
    const top = low ? 1 : Math.max(...main, 1e-12);
    const label = l10n.t('{0}, {1}', row, name);
    return make(
      'div',
      { className: 'track' },
      make('span', { textContent: row }),
      outline(label, {
        ...(high ? { high: areaPath(courses[high[0]] ?? [], 'above') } : {}),
        ...(low ? { low: areaPath(courses[low[0]] ?? [], 'below') } : {}),
        line: linePath(main, 0, top),
      }),
    );
  });
  return {
    note: low ? parts.map(([, part]) => part).join(', ') : '',
    parts: [...rows, ends(l10n.t('first step'), l10n.t('last'))],
  };
}

const room = { width: 260, height: 220, largest: 10 };

function drawPictures(value: ShapeValues['pictures'], _: readonly unknown[], of: ReplayDrawing): Drawing {
  const sheets = Object.entries(value).map(([name, set]) => {
    const sheet = pictureSheet(set, room, of.byActivity);
    const sizes = `${set.rows} × ${set.columns}`;
    const what = sheet.count === 1 ? sizes : l10n.t('{0} of {1}', sheet.count, sizes);
    const zero = sheet.empty === 0 ? [] : [l10n.t('{0} of them zero everywhere', sheet.empty)];
    const label = [name, what, `±${formatNumber(set.limit)}`, ...zero].join(', ');
    const canvas = make('canvas', {
      className: 'sheet',
      width: sheet.columns,
      height: sheet.rows,
      role: 'img',
      ariaLabel: label,
    });
    canvas.style.width = `${sheet.scale * sheet.columns}px`;
    return { canvas, sheet, label };
  });
  return {
    parts: sheets.flatMap(({ canvas, label }) => [ends(label), canvas]),
    draw: () => {
      for (const { canvas, sheet } of sheets) drawPixels(canvas, sheet.values);
    },
  };
}
