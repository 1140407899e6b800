/** Marks in the gutter at the lines of layers with findings, of the text and of the run in view. */
import * as vscode from 'vscode';
import { type Severity, severities } from '../../engine/schema/severity.ts';
import { isNetwork, type Networks, toRange } from '../networks.ts';
import { Throttle } from '../throttle.ts';
import { problemsOfRun } from '../training/runProblems.ts';
import type { Runs } from '../training/runs.ts';

/** Least time between two refreshes, in milliseconds. */
const interval = 100;

/** The worst first. The shape says the same as the colour: VS Code gives the gutter no colours of the theme. */
const looks: { readonly [S in Severity]: { shape: string; dark: string; light: string } } = {
  error: {
    shape: '<circle cx="8" cy="8" r="5.5"/><path d="M5.8 5.8l4.4 4.4m0-4.4l-4.4 4.4"/>',
    dark: '#f14c4c',
    light: '#d01515',
  },
  warning: {
    shape: '<path d="M8 2.5l6 11H2zM8 6.5v3.5m0 1.2v1"/>',
    dark: '#cca700',
    light: '#8f6500',
  },
  info: {
    shape: '<circle cx="8" cy="8" r="5.5"/><path d="M8 7.2v4M8 4.8v1"/>',
    dark: '#59a4f9',
    light: '#1a6fc4',
  },
};

const icon = (shape: string, colour: string) => ({
  gutterIconPath: vscode.Uri.from({
    scheme: 'data',
    path: `image/svg+xml;base64,${Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="${colour}" stroke-width="1.2">${shape}</svg>`,
    ).toString('base64')}`,
  }),
});

/** The lines with findings, each with the worst of its severities. */
export function linesWithFindings(
  document: vscode.TextDocument,
  networks: Networks,
  runs: Runs,
): ReadonlyMap<number, Severity> {
  const ofRun = problemsOfRun(document, runs).filter(({ isFinding }) => isFinding);
  const lines = new Map<number, Severity>();
  for (const { range, severity } of [...networks.analysis(document).findings, ...ofRun]) {
    const { line } = toRange(document, range).start;
    const before = lines.get(line) ?? 'info';
    lines.set(line, severities.indexOf(severity) < severities.indexOf(before) ? severity : before);
  }
  return lines;
}

export class FindingMarks {
  readonly #types = severities.map((severity) => {
    const { shape, dark, light } = looks[severity];
    return vscode.window.createTextEditorDecorationType({
      gutterIconSize: 'contain',
      dark: icon(shape, dark),
      light: icon(shape, light),
    });
  });
  readonly #refresh = new Throttle(interval, () => this.#markAll());
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
  ) {
    const request = () => this.#refresh.request();
    this.#listeners = [
      networks.onDidAnalyze(request),
      vscode.window.onDidChangeVisibleTextEditors(request),
      runs.onDidStart(request),
      runs.onDidReplay(request),
      runs.onDidRestore(request),
      runs.onDidReceive(({ event }) => {
        if (event.event === 'finding') request();
      }),
    ];
    request();
  }

  dispose(): void {
    this.#refresh.dispose();
    for (const disposable of [...this.#listeners, ...this.#types]) disposable.dispose();
  }

  #markAll(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      if (!isNetwork(document.uri)) continue;
      const lines = [...linesWithFindings(document, this.networks, this.runs)];
      severities.forEach((severity, index) => {
        const marked = lines.filter(([, worst]) => worst === severity);
        editor.setDecorations(
          this.#types[index],
          marked.map(([line]) => new vscode.Range(line, 0, line, 0)),
        );
      });
    }
  }
}
