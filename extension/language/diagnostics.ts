/** Shows the problems of a network in the Problems panel: those of its text and those of its last run. */
import * as vscode from 'vscode';
import type { Severity } from '../../engine/schema/severity.ts';
import { type Networks, toRange } from '../networks.ts';
import { problem } from '../shown/shown.ts';
import { hasProblem, problemsOfRun, type RunProblem } from '../training/runProblems.ts';
import type { Runs } from '../training/runs.ts';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const satisfies Record<Severity, vscode.DiagnosticSeverity>;

export class Diagnostics {
  readonly #ofTexts = vscode.languages.createDiagnosticCollection('netloom');
  /** Problems that appear only when a run reads the data. They are there while the text is that of the run. */
  readonly #ofRuns = vscode.languages.createDiagnosticCollection('netloom-run');
  /** Details of problems of runs that VS Code does not keep. */
  readonly #reported = new WeakMap<vscode.Diagnostic, RunProblem>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
  ) {
    const show = (uri: vscode.Uri) => this.#showRun(uri);
    this.#listeners = [
      networks.onDidAnalyze((document) => {
        this.#ofTexts.set(document.uri, textDiagnostics(document, networks));
        show(document.uri);
      }),
      networks.onDidClose(({ uri }) => {
        this.#ofTexts.delete(uri);
        this.#ofRuns.delete(uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#ofRuns.delete(document.uri);
      }),
      runs.onDidStart(({ uri }) => show(uri)),
      runs.onDidReceive(({ run, event }) => {
        if (hasProblem(event)) show(run.uri);
      }),
      runs.onDidReplay(show),
      runs.onDidRestore(show),
    ];
  }

  dispose(): void {
    for (const disposable of [...this.#listeners, this.#ofTexts, this.#ofRuns]) disposable.dispose();
  }

  /** What the run in view reported, while the document still has the text of the run. */
  ofRun({ uri }: vscode.TextDocument) {
    return [...(this.#ofRuns.get(uri) ?? [])].flatMap((found) => {
      const reported = this.#reported.get(found);
      return reported ? [{ ...reported, code: reported.code ?? '', place: found.range }] : [];
    });
  }

  #showRun(uri: vscode.Uri): void {
    const document = this.networks.open.find((one) => one.uri.toString() === uri.toString());
    const known = new Set(this.#ofTexts.get(uri)?.map(({ message }) => message));
    const problems = document ? problemsOfRun(document, this.runs) : [];
    if (!document || problems.length === 0) {
      this.#ofRuns.delete(uri);
      return;
    }
    this.#ofRuns.set(
      uri,
      problems
        .filter(({ message }) => !known.has(message))
        .map((one) => {
          const { range, message, severity, code } = one;
          const found = problem(toRange(document, range), message, severities[severity], code);
          this.#reported.set(found, one);
          return found;
        }),
    );
  }
}

function textDiagnostics(document: vscode.TextDocument, networks: Networks): vscode.Diagnostic[] {
  return networks
    .analysis(document)
    .diagnostics.map(({ range, message, severity, code }) =>
      problem(toRange(document, range), message, severities[severity], code),
    );
}
