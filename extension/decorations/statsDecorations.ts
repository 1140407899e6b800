/** The figures of each layer behind its line in the text editor, live while a network trains. */
import * as vscode from 'vscode';
import { statsTable } from '../language/hover.ts';
import { isNetwork, layerText, type Networks } from '../networks.ts';
import { Throttle } from '../throttle.ts';
import type { Sessions } from '../training/sessions.ts';
import { type StatsLine, statsLines } from './statsLines.ts';

/** Least time between two refreshes, in milliseconds: at most ten a second. */
const interval = 100;
/** Columns between the longest line and the figures, which stand under one another. */
const gap = 3;
/** Lines longer than this do not push the figures of the others aside, out of a narrow editor. */
const widest = 72;
/** Lines above and below those in view that are decorated too, so that scrolling finds them done. */
const margin = 50;

const tones = ['good', 'warn', 'bad', 'muted'] as const satisfies readonly StatsLine['tone'][];
const setting = 'netloom.statistics.decorations';

export class StatsDecorations {
  /** One type a tone for the life of the extension; only contents change. */
  readonly #types = tones.map((tone) => ({
    tone,
    type: vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: { color: new vscode.ThemeColor(`netloom.statistics.${tone}`), fontStyle: 'normal' },
    }),
  }));
  /** What an editor shows, to leave it alone when nothing changed. */
  readonly #shown = new WeakMap<vscode.TextEditor, string>();
  readonly #refresh = new Throttle(interval, () => this.#refreshAll());
  readonly #listeners: vscode.Disposable[];

  constructor(
    readonly networks: Networks,
    readonly sessions: Sessions,
  ) {
    const request = () => this.#refresh.request();
    this.#listeners = [
      networks.onDidAnalyze(request),
      vscode.window.onDidChangeVisibleTextEditors(request),
      vscode.window.onDidChangeTextEditorVisibleRanges(request),
      sessions.onDidReceive(({ event }) => {
        if (event.event === 'stats') request();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(setting)) request();
      }),
    ];
    request();
  }

  dispose(): void {
    this.#refresh.dispose();
    for (const listener of this.#listeners) listener.dispose();
    for (const { type } of this.#types) type.dispose();
  }

  #refreshAll(): void {
    for (const editor of vscode.window.visibleTextEditors)
      if (isNetwork(editor.document.uri)) this.#decorate(editor);
  }

  #decorate(editor: vscode.TextEditor): void {
    // A text that cannot be read is one in the middle of being typed.
    if (!this.networks.analysis(editor.document).readable) return;
    const lines = this.#linesInView(editor);
    const signature = JSON.stringify(
      lines.map(({ line, indent, tone, text }) => [line.lineNumber, indent, tone, text]),
    );
    if (signature === (this.#shown.get(editor) ?? '[]')) return;
    this.#shown.set(editor, signature);
    for (const { tone, type } of this.#types)
      editor.setDecorations(type, lines.filter((line) => line.tone === tone).map(decorationOf));
  }

  #linesInView({ document, visibleRanges, options }: vscode.TextEditor): PlacedLine[] {
    const { history } = this.sessions.get(document.uri) ?? {};
    if (!history || !vscode.workspace.getConfiguration(undefined, document.uri).get(setting, true)) return [];
    const analysis = this.networks.analysis(document);
    const text = document.getText();
    const tabSize = typeof options.tabSize === 'number' ? options.tabSize : 4;
    const placed = new Map<number, PlacedLine & { readonly width: number }>();
    for (const line of statsLines(analysis, (layer) =>
      history.statsOf(layer, layerText(text, analysis, layer)),
    )) {
      const textLine = document.lineAt(document.positionAt(line.offset));
      placed.set(textLine.lineNumber, {
        ...line,
        line: textLine,
        indent: gap,
        width: widthOf(textLine.text, tabSize),
      });
    }
    const column = Math.max(
      ...[...placed.values()].map(({ width }) => width).filter((width) => width <= widest),
    );
    return [...placed.values()]
      .filter(({ line }) =>
        visibleRanges.some(
          ({ start, end }) => line.lineNumber >= start.line - margin && line.lineNumber <= end.line + margin,
        ),
      )
      .map((line) => ({ ...line, indent: Math.max(0, column - line.width) + gap }));
  }
}

interface PlacedLine extends StatsLine {
  readonly line: vscode.TextLine;
  /** Columns between the line and its figures. */
  readonly indent: number;
}

const widthOf = (text: string, tabSize: number): number => text.replaceAll('\t', ' '.repeat(tabSize)).length;

function decorationOf({ line, indent, text, stats }: PlacedLine): vscode.DecorationOptions {
  return {
    range: new vscode.Range(line.range.end, line.range.end),
    hoverMessage: statsTable(stats),
    renderOptions: { after: { contentText: text, margin: `0 0 0 ${indent}ch` } },
  };
}
