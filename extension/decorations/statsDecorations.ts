/** The statistics of each layer beside its line in the text editor, live while a network trains. */
import * as vscode from 'vscode';
import { layerShapes, layersInText, layerText } from '../../engine/graph/layerText.ts';
import type { Wanted } from '../../engine/stats/format.ts';
import { Ranking } from '../../engine/stats/ranking.ts';
import { statsNote, statsTable } from '../language/statsTable.ts';
import { isNetwork, type Networks } from '../networks.ts';
import { onSettings, readSetting } from '../settings.ts';
import { decoration } from '../shown/shown.ts';
import { Throttle } from '../throttle.ts';
import type { RunRecord } from '../training/runRecord.ts';
import type { Runs } from '../training/runs.ts';
import { columnsOf, readGroupWidths } from './editorWidth.ts';
import { movedBy } from './movedBy.ts';
import {
  choosePlacement,
  type LayerLine,
  type PlacedStatistics,
  type Placement,
  placeBefore,
  placeBehind,
} from './placement.ts';
import { statsLines } from './statsLines.ts';

/** Least time between two refreshes, in milliseconds: at most ten a second. */
const interval = 100;
/** VS Code has no event for a changed width of an editor, so the width is checked this often, in milliseconds. */
const widthInterval = 1000;
/** Lines above and below the visible ones that are also decorated, so that they are complete before they scroll into view. */
const ahead = 50;

/** What an editor shows. */
interface Shown {
  /** Used to skip the update if nothing has changed. */
  readonly signature: string;
  /** The positions of statistics; they move with the text, as in VS Code. */
  places: readonly vscode.Position[];
}

/** A placement, and the state for which it was chosen. It does not change while a person types, because the text would jump. */
interface Chosen {
  readonly placement: Placement;
  readonly columns: number | undefined;
  readonly record: RunRecord;
}

export class StatsDecorations {
  /**
   * One type for all colours, so that VS Code redraws a line whose colour changes in one step. With a type for each colour, the
   * text after the statistics would jump for a moment.
   */
  readonly #type = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { fontStyle: 'normal' },
  });
  readonly #shown = new WeakMap<vscode.TextEditor, Shown>();
  readonly #chosen = new WeakMap<vscode.TextEditor, Chosen>();
  readonly #rankings = new WeakMap<RunRecord, Ranking>();
  /** The line with the cursor, and whether it has statistics. Only for editors with statistics before the lines. */
  readonly #cursorLines = new WeakMap<vscode.TextEditor, { line: number; moved: boolean }>();
  readonly #refresh = new Throttle(interval, () => void this.#refreshAll());
  readonly #widthTimer: NodeJS.Timeout;
  readonly #listeners: vscode.Disposable[];
  #widths: readonly (number | undefined)[] = [];
  /** Documents with statistics before the line in some editor. */
  #before: ReadonlySet<string> = new Set();
  readonly #moved = new vscode.EventEmitter<void>();

  /** Fires when the result of `standBehind` may have changed. */
  readonly onDidMove = this.#moved.event;

  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
  ) {
    const request = () => this.#refresh.request();
    const move = () => this.#moved.fire();
    this.#listeners = [
      this.#moved,
      runs.onDidStart(move),
      runs.onDidRestore(move),
      networks.onDidAnalyze(request),
      vscode.window.onDidChangeVisibleTextEditors(request),
      vscode.window.onDidChangeActiveTextEditor(request),
      vscode.window.onDidChangeTextEditorVisibleRanges(request),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (!this.#cursorLines.has(textEditor)) return;
        // Not delayed, because the text may have changed by the next refresh.
        this.#noteCursor(textEditor);
        request();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        for (const editor of this.#editors()) {
          const shown = editor.document === document ? this.#shown.get(editor) : undefined;
          if (shown) shown.places = shown.places.map((place) => movedBy(place, contentChanges));
        }
      }),
      vscode.window.tabGroups.onDidChangeTabGroups(request),
      runs.onDidReceive(({ event }) => {
        if (event.event === 'stats') request();
      }),
      runs.onDidRestore(request),
      runs.onDidReplay(request),
      onSettings(['statistics.decorations', 'statistics.placement', 'statistics.shown'], () => {
        request();
        move();
      }),
    ];
    this.#widthTimer = setInterval(() => {
      if (this.#editors().some(({ document }) => this.runs.record(document.uri))) request();
    }, widthInterval);
    request();
  }

  /**
   * Whether statistics are shown after the lines, or will be as soon as the run has measured some. Hints that are shown there until
   * then would shift them.
   */
  standBehind(document: vscode.TextDocument): boolean {
    return (
      this.runs.record(document.uri) !== undefined &&
      readSetting('statistics.decorations', document.uri) &&
      readSetting('statistics.placement', document.uri) !== 'before' &&
      !this.#before.has(document.uri.toString())
    );
  }

  dispose(): void {
    this.#refresh.dispose();
    clearInterval(this.#widthTimer);
    for (const listener of this.#listeners) listener.dispose();
    this.#type.dispose();
  }

  #editors(): vscode.TextEditor[] {
    return vscode.window.visibleTextEditors.filter(({ document }) => isNetwork(document.uri));
  }

  async #refreshAll(): Promise<void> {
    if (this.#editors().length === 0) return;
    this.#widths = await readGroupWidths();
    for (const editor of this.#editors()) this.#decorate(editor);
    this.#notePlacements();
  }

  #notePlacements(): void {
    const editors = this.#editors();
    const isBefore = (editor: vscode.TextEditor) => this.#chosen.get(editor)?.placement === 'before';
    const of = (before: boolean) =>
      editors.filter((editor) => isBefore(editor) === before).map(({ document }) => document.uri.toString());
    const behind = new Set(of(false));
    const before = new Set(of(true).filter((uri) => !behind.has(uri)));
    if ([...before].sort().join('\n') === [...this.#before].sort().join('\n')) return;
    this.#before = before;
    this.#moved.fire();
  }

  #decorate(editor: vscode.TextEditor): void {
    // A text that cannot be read is probably being typed.
    if (!this.networks.analysis(editor.document).readable) {
      this.#clearPiled(editor);
      return;
    }
    const record = this.runs.record(editor.document.uri);
    const all = record ? this.#place(editor, record) : [];
    const statistics = all.filter(({ range: { start: at } }) =>
      editor.visibleRanges.some(
        ({ start, end }) => at.line >= start.line - ahead && at.line <= end.line + ahead,
      ),
    );
    const shown = this.runs.shown(editor.document.uri);
    const signature = JSON.stringify(
      statistics.map(({ tone, range, text, margin, stale }) => [
        tone,
        range.start,
        text,
        margin,
        stale,
        shown?.earlier,
        shown?.replayed,
      ]),
    );
    if (signature === this.#shown.get(editor)?.signature) return;
    this.#shown.set(editor, { signature, places: all.map(({ range }) => range.start) });
    editor.setDecorations(
      this.#type,
      statistics.map((line) => decorationOf(line, shown)),
    );
  }

  /** Removes statistics that have moved onto the same line, because the text with their layers was replaced. */
  #clearPiled(editor: vscode.TextEditor): void {
    const { places } = this.#shown.get(editor) ?? { places: [] };
    if (new Set(places.map(({ line }) => line)).size === places.length) return;
    editor.setDecorations(this.#type, []);
    this.#shown.delete(editor);
  }

  #place(editor: vscode.TextEditor, record: RunRecord): PlacedStatistics[] {
    const { document, options } = editor;
    const lines = readSetting('statistics.decorations', document.uri) ? this.#linesOf(document) : [];
    if (lines.every(({ statistics }) => !statistics)) return [];
    const tabSize = typeof options.tabSize === 'number' ? options.tabSize : 4;
    const wanted = readSetting('statistics.placement', document.uri);
    const placement = wanted === 'auto' ? this.#choose(editor, record, lines, tabSize) : wanted;
    if (placement === 'behind') {
      this.#cursorLines.delete(editor);
      return placeBehind(lines, tabSize);
    }
    return this.#withoutCursor(editor, placeBefore(lines));
  }

  #choose(
    editor: vscode.TextEditor,
    record: RunRecord,
    lines: readonly LayerLine[],
    tabSize: number,
  ): Placement {
    const columns = columnsOf(editor, this.#widths);
    const before = this.#chosen.get(editor);
    if (before?.columns === columns && before?.record === record) return before.placement;
    const placement = choosePlacement(lines, tabSize, columns);
    this.#chosen.set(editor, { placement, columns, record });
    return placement;
  }

  /** The line with the cursor keeps its statistics, or its lack of them, so that it does not move during typing. */
  #withoutCursor(editor: vscode.TextEditor, statistics: readonly PlacedStatistics[]): PlacedStatistics[] {
    const active = editor === vscode.window.activeTextEditor;
    const moved = this.#noteCursor(editor) || !active;
    const { line } = editor.selection.active;
    this.#cursorLines.set(editor, { line, moved });
    return moved ? [...statistics] : statistics.filter(({ range }) => range.start.line !== line);
  }

  /** Whether statistics are shown before the line with the cursor: as when the cursor arrived, or the text was opened. */
  #noteCursor(editor: vscode.TextEditor): boolean {
    const { line } = editor.selection.active;
    const known = this.#cursorLines.get(editor);
    if (known?.line === line) return known.moved;
    const moved = this.#shown.get(editor)?.places.some((place) => place.line === line) ?? true;
    this.#cursorLines.set(editor, { line, moved });
    return moved;
  }

  /** Which statistics matter most, by the readings of a run so far that were shown. */
  #follow(record: RunRecord): Ranking {
    const ranking = this.#rankings.get(record) ?? new Ranking();
    this.#rankings.set(record, ranking);
    const reading = record.last('stats');
    if (reading) ranking.note(reading, record.last('plan')?.stepsPerEpoch ?? 0, record.all('finding'));
    return ranking;
  }

  /** The layers by the line on which they begin; if a line has several, the last. */
  #linesOf(document: vscode.TextDocument): LayerLine[] {
    const record = this.runs.shown(document.uri);
    const analysis = this.networks.analysis(document);
    const text = document.getText();
    const ranking = record && this.#follow(record);
    const found = statsLines(
      analysis,
      (layer) => record?.statsOf(layer, layerText(text, analysis, layer), layerShapes(analysis, layer)),
      wantedBy(readSetting('statistics.shown', document.uri)),
      ranking && ((layer) => ranking.rankOf(layer)),
    );
    const statisticsOf = new Map(found.map((statistics) => [statistics.layer, statistics]));
    const byLine = new Map<number, LayerLine>();
    for (const [layer, { name }] of layersInText(analysis)) {
      const line = document.lineAt(document.positionAt(name.start).line);
      byLine.set(line.lineNumber, { layer, line, statistics: statisticsOf.get(layer) });
    }
    return [...byLine.values()];
  }
}

/** A statistic is shown unless the setting says `false`. A settings file may contain anything. */
const wantedBy =
  (setting: unknown): Wanted =>
  (key) =>
    !(typeof setting === 'object' && setting !== null && Reflect.get(setting, key) === false);

/** Statistics of an earlier run, moment or text are italic; the hover says why. */
function decorationOf(
  { range, tone, text, stats, margin, stale }: PlacedStatistics,
  record: RunRecord | undefined,
): vscode.DecorationOptions {
  const note = statsNote(stale, record?.of);
  return decoration(range, {
    text,
    margin,
    color: `netloom.statistics.${tone}`,
    italic: note !== undefined,
    ...(stats ? { hover: statsTable(stats, note) } : {}),
  });
}
