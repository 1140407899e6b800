/** The figures of each layer beside its line in the text editor, live while a network trains. */
import * as vscode from 'vscode';
import { layerText } from '../../engine/graph/layerText.ts';
import { statsNote, statsTable } from '../language/statsTable.ts';
import { isNetwork, type Networks } from '../networks.ts';
import { Throttle } from '../throttle.ts';
import type { Sessions } from '../training/sessions.ts';
import { type StatsLine, statsLines } from './statsLines.ts';

/** Least time between two refreshes, in milliseconds: at most ten a second. */
const interval = 100;
/** Columns between the longest line and the figures, which stand under one another. */
const gap = 3;
/** Lines longer than this do not push the figures of the others aside. */
const widest = 72;
/** The same beside another editor, where room behind the lines is scarce. */
const widestBeside = 44;
/** Lines above and below those in view that are decorated too, so that scrolling finds them done. */
const ahead = 50;

const tones = ['good', 'warn', 'bad', 'muted'] as const satisfies readonly StatsLine['tone'][];
const settings = {
  shown: 'netloom.statistics.decorations',
  placement: 'netloom.statistics.placement',
} as const;

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
      vscode.window.tabGroups.onDidChangeTabGroups(request),
      sessions.onDidReceive(({ event }) => {
        if (event.event === 'stats') request();
      }),
      sessions.onDidRestore(request),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (Object.values(settings).some((setting) => change.affectsConfiguration(setting))) request();
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
    const decorations = this.#linesInView(editor);
    const signature = JSON.stringify(
      decorations.map(({ tone, range, text, margin, note }) => [tone, range.start, text, margin, note]),
    );
    if (signature === (this.#shown.get(editor) ?? '[]')) return;
    this.#shown.set(editor, signature);
    for (const { tone, type } of this.#types)
      editor.setDecorations(type, decorations.filter((line) => line.tone === tone).map(decorationOf));
  }

  #linesInView({ document, visibleRanges, options }: vscode.TextEditor): Figures[] {
    const history = this.sessions.history(document.uri);
    const configuration = vscode.workspace.getConfiguration(undefined, document.uri);
    if (!history || !configuration.get(settings.shown, true)) return [];
    const analysis = this.networks.analysis(document);
    const text = document.getText();
    const byLine = new Map<number, StatsLine>();
    for (const line of statsLines(analysis, (layer) =>
      history.statsOf(layer, layerText(text, analysis, layer)),
    ))
      byLine.set(document.positionAt(line.offset).line, line);
    const lines = [...byLine].map(([number, line]) => ({
      ...line,
      line: document.lineAt(number),
      note: statsNote(line.stale, history.earlier),
    }));
    const tabSize = typeof options.tabSize === 'number' ? options.tabSize : 4;
    const placed =
      configuration.get(settings.placement) === 'before' ? before(lines) : behind(lines, tabSize);
    return placed.filter(({ range: { start: at } }) =>
      visibleRanges.some(({ start, end }) => at.line >= start.line - ahead && at.line <= end.line + ahead),
    );
  }
}

interface LineInText extends StatsLine {
  readonly line: vscode.TextLine;
  /** Why the statistics are not about what is written or running now, if they are not. */
  readonly note: string | undefined;
}

/** Figures at their place. */
interface Figures extends Pick<LineInText, 'tone' | 'stats' | 'text' | 'note'> {
  /** Empty. */
  readonly range: vscode.Range;
  /** CSS. */
  readonly margin: string;
}

function before(lines: readonly LineInText[]): Figures[] {
  return lines.map(({ line, tone, stats, brief, note }) => {
    const start = new vscode.Position(line.lineNumber, line.firstNonWhitespaceCharacterIndex);
    return { tone, stats, note, text: brief, range: new vscode.Range(start, start), margin: '0 1ch 0 0' };
  });
}

/** Under one another, behind the longest line that is not too long. */
function behind(lines: readonly LineInText[], tabSize: number): Figures[] {
  const widths = lines.map(({ line }) => line.text.replaceAll('\t', ' '.repeat(tabSize)).length);
  const limit = vscode.window.tabGroups.all.length > 1 ? widestBeside : widest;
  const column = Math.max(0, ...widths.filter((width) => width <= limit));
  return lines.map(({ line, tone, stats, text, stale, note }, index) => {
    const indent = Math.max(0, column - widths[index]) + gap;
    const range = new vscode.Range(line.range.end, line.range.end);
    const shown = stale ? `${text} · ${vscode.l10n.t('before the edit')}` : text;
    return { tone, stats, note, text: shown, range, margin: `0 0 0 ${indent}ch` };
  });
}

/** Statistics of an earlier run or text are slanted; the hover says which. */
function decorationOf({ range, text, stats, margin, note }: Figures): vscode.DecorationOptions {
  return {
    range,
    hoverMessage: statsTable(stats, note),
    renderOptions: {
      after: { contentText: text, margin, ...(note === undefined ? {} : { fontStyle: 'italic' }) },
    },
  };
}
