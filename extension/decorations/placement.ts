/**
 * Where the statistics of a layer are shown: all of them after its line if there is room, otherwise the two most
 * important ones before it, or one if two would push the text out of view.
 */
import * as vscode from 'vscode';
import type { LayerStats } from '../../engine/stats/define.ts';
import { type BriefCount, briefWidth } from '../../engine/stats/format.ts';
import type { StatsLine } from './statsLines.ts';

export type Placement = 'behind' | 'before';

/** A line of the text that a layer begins on, with its statistics if it has any. */
export interface LayerLine {
  readonly layer: string;
  readonly line: vscode.TextLine;
  readonly statistics: StatsLine | undefined;
}

/** Statistics with their position. */
export interface PlacedStatistics {
  readonly layer: string;
  readonly tone: StatsLine['tone'];
  readonly text: string;
  readonly stats: LayerStats | undefined;
  /** Whether they were measured before the layer's text was changed. */
  readonly stale: boolean;
  /** Empty. */
  readonly range: vscode.Range;
  /** CSS. */
  readonly margin: string;
}

/** Columns between the longest line and the statistics, which form a column. */
const gap = 3;
/** Lines longer than this do not shift the statistics of the others. */
const widest = 72;
/** Columns reserved for a statistic that may appear during training. */
const reserve = 10;

const figureSpace = '\u2007';

/** `columns`: the number of visible characters of a line, if known. */
export function choosePlacement(
  lines: readonly LayerLine[],
  tabSize: number,
  columns: number | undefined,
): Placement {
  if (columns === undefined) return vscode.window.tabGroups.all.length > 1 ? 'before' : 'behind';
  const column = columnBehind(lines, tabSize);
  const ends = lines.map(({ line, statistics }) =>
    statistics ? Math.max(column, widthOf(line, tabSize)) + gap + statistics.text.length + reserve : 0,
  );
  return Math.max(0, ...ends) <= columns ? 'behind' : 'before';
}

/** How many statistics leave room for the text after them. */
export function chooseCount(
  lines: readonly LayerLine[],
  tabSize: number,
  columns: number | undefined,
): BriefCount {
  if (columns === undefined) return 1;
  const shift = briefWidth[2] + 2 - indentation(lines, tabSize);
  return columnBehind(lines, tabSize) + shift <= columns ? 2 : 1;
}

/**
 * In a column of fixed width, where the indentation that all lines have would be. A line without statistics gets an empty column, so
 * that texts stay aligned.
 */
export function placeBefore(
  lines: readonly LayerLine[],
  tabSize: number,
  count: BriefCount,
): PlacedStatistics[] {
  const indented = indentation(lines, tabSize);
  const empty = figureSpace.repeat(briefWidth[count]);
  return lines.map(({ layer, line, statistics }) => {
    const start = new vscode.Position(line.lineNumber, line.firstNonWhitespaceCharacterIndex);
    const range = new vscode.Range(start, start);
    return {
      layer,
      tone: statistics?.tone ?? 'muted',
      text: statistics?.brief[count] ?? empty,
      stats: statistics?.stats,
      stale: statistics?.stale ?? false,
      range,
      // Indentation guides are at whole columns.
      margin: `0 1ch 0 ${0.5 - indented}ch`,
    };
  });
}

/** Aligned after the longest line that is not too long. */
export function placeBehind(lines: readonly LayerLine[], tabSize: number): PlacedStatistics[] {
  const column = columnBehind(lines, tabSize);
  return lines.flatMap(({ layer, line, statistics }) => {
    if (!statistics) return [];
    const { tone, stats, stale } = statistics;
    const text = stale ? `${statistics.text} · ${vscode.l10n.t('before the edit')}` : statistics.text;
    const indent = Math.max(0, column - widthOf(line, tabSize)) + gap;
    const range = new vscode.Range(line.range.end, line.range.end);
    return [{ layer, tone, text, stats, stale, range, margin: `0 0 0 ${indent}ch` }];
  });
}

function columnBehind(lines: readonly LayerLine[], tabSize: number): number {
  const widths = lines.map(({ line }) => widthOf(line, tabSize));
  return Math.max(0, ...widths.filter((width) => width <= widest));
}

/** Columns before the first character of any of the lines. */
function indentation(lines: readonly LayerLine[], tabSize: number): number {
  const columns = lines.map(({ line: { text, firstNonWhitespaceCharacterIndex: end } }) =>
    columnsOf(text.slice(0, end), tabSize),
  );
  return Math.min(...columns);
}

const widthOf = ({ text }: vscode.TextLine, tabSize: number): number => columnsOf(text, tabSize);

const columnsOf = (text: string, tabSize: number): number =>
  text.replaceAll('\t', ' '.repeat(tabSize)).length;
