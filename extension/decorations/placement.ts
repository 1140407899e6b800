/** Where the figures of a layer stand: behind its line where all of them are in view, else the two most telling before it. */
import * as vscode from 'vscode';
import type { LayerStats } from '../../engine/stats/define.ts';
import { briefWidth } from '../../engine/stats/format.ts';
import type { StatsLine } from './statsLines.ts';

export type Placement = 'behind' | 'before';

/** A line of the text that a layer begins on, with its figures if it has any. */
export interface LayerLine {
  readonly layer: string;
  readonly line: vscode.TextLine;
  readonly figures: StatsLine | undefined;
}

/** Figures at their place. */
export interface Figures {
  readonly layer: string;
  readonly tone: StatsLine['tone'];
  readonly text: string;
  readonly stats: LayerStats | undefined;
  /** They were measured before the layer's text was changed. */
  readonly stale: boolean;
  /** Empty. */
  readonly range: vscode.Range;
  /** CSS. */
  readonly margin: string;
}

/** Columns between the longest line and the figures, which stand under one another. */
const gap = 3;
/** Lines longer than this do not push the figures of the others aside. */
const widest = 72;
/** Columns kept free for a figure that a layer may gain while it trains. */
const reserve = 10;

const figureSpace = '\u2007';

/** `columns`: how many characters of a line are in view, if that is known. */
export function choosePlacement(
  lines: readonly LayerLine[],
  tabSize: number,
  columns: number | undefined,
): Placement {
  if (columns === undefined) return vscode.window.tabGroups.all.length > 1 ? 'before' : 'behind';
  const column = columnBehind(lines, tabSize);
  const ends = lines.map(({ line, figures }) =>
    figures ? Math.max(column, widthOf(line, tabSize)) + gap + figures.text.length + reserve : 0,
  );
  return Math.max(0, ...ends) <= columns ? 'behind' : 'before';
}

/**
 * In a column of fixed width. A line without figures gets an empty one, so that texts stay under one another, and none
 */
export function placeBefore(lines: readonly LayerLine[]): Figures[] {
  const empty = figureSpace.repeat(briefWidth);
  return lines.map(({ layer, line, figures }) => {
    const start = new vscode.Position(line.lineNumber, line.firstNonWhitespaceCharacterIndex);
    const range = new vscode.Range(start, start);
    return {
      layer,
      tone: figures?.tone ?? 'muted',
      text: figures?.brief ?? empty,
      stats: figures?.stats,
      stale: figures?.stale ?? false,
      range,
      margin: '0 1ch 0 0',
    };
  });
}

/** Under one another, behind the longest line that is not too long. */
export function placeBehind(lines: readonly LayerLine[], tabSize: number): Figures[] {
  const column = columnBehind(lines, tabSize);
  return lines.flatMap(({ layer, line, figures }) => {
    if (!figures) return [];
    const { tone, stats, stale } = figures;
    const text = stale ? `${figures.text} · ${vscode.l10n.t('before the edit')}` : figures.text;
    const indent = Math.max(0, column - widthOf(line, tabSize)) + gap;
    const range = new vscode.Range(line.range.end, line.range.end);
    return [{ layer, tone, text, stats, stale, range, margin: `0 0 0 ${indent}ch` }];
  });
}

function columnBehind(lines: readonly LayerLine[], tabSize: number): number {
  const widths = lines.map(({ line }) => widthOf(line, tabSize));
  return Math.max(0, ...widths.filter((width) => width <= widest));
}

const widthOf = ({ text }: vscode.TextLine, tabSize: number): number =>
  text.replaceAll('\t', ' '.repeat(tabSize)).length;
