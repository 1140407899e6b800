/** Shows the problems of a network in the Problems panel: those of its text and those of its last run. */
import * as vscode from 'vscode';
import type { End } from '../../engine/protocol/training.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { type Networks, toRange } from '../networks.ts';
import { rangeOfPath } from '../shown/place.ts';
import { problem } from '../shown/shown.ts';
import type { Run } from '../training/run.ts';
import type { Runs } from '../training/runs.ts';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const satisfies Record<Diagnostic['severity'], vscode.DiagnosticSeverity>;

/** A problem of a run. */
interface Reported {
  readonly code?: string | undefined;
  readonly layer?: string | undefined;
  readonly fix?: Diagnostic['fix'] | undefined;
  readonly isFinding: boolean;
}

export class Diagnostics {
  readonly #ofTexts = vscode.languages.createDiagnosticCollection('netloom');
  /** Problems that appear only when a run reads the data. They are shown until the text changes or another run starts. */
  readonly #ofRuns = vscode.languages.createDiagnosticCollection('netloom-run');
  /** Details of problems of runs that VS Code does not keep. */
  readonly #reported = new WeakMap<vscode.Diagnostic, Reported>();
  readonly #listeners: vscode.Disposable[];

  constructor(networks: Networks, runs: Runs) {
    this.#listeners = [
      networks.onDidAnalyze((document) =>
        this.#ofTexts.set(document.uri, textDiagnostics(document, networks)),
      ),
      networks.onDidClose(({ uri }) => {
        this.#ofTexts.delete(uri);
        this.#ofRuns.delete(uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#ofRuns.delete(document.uri);
      }),
      runs.onDidStart((run) => {
        this.#ofRuns.delete(run.uri);
        void run.ended.then((end) => this.#showFailure(run, end, networks));
      }),
      runs.onDidReceive(({ run, event }) => {
        if ('warnings' in event)
          for (const warning of event.warnings ?? [])
            this.#add(run, networks, { ...warning, severity: 'warning' });
        if (event.event === 'finding') this.#add(run, networks, event, true);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of [...this.#listeners, this.#ofTexts, this.#ofRuns]) disposable.dispose();
  }

  /** The problems that the last run of a document reported, if the document still has the text of the run. */
  ofRun({ uri }: vscode.TextDocument) {
    return [...(this.#ofRuns.get(uri) ?? [])].flatMap((found) => {
      const reported = this.#reported.get(found);
      return reported ? [{ ...reported, code: reported.code ?? '', place: found.range }] : [];
    });
  }

  #showFailure(run: Run, { reason, message, code, path = [], fix }: End, networks: Networks): void {
    // A problem without a place is not in the text, or the text cannot show it.
    if (reason !== 'failed' || !message || path.length === 0) return;
    this.#add(run, networks, { path, message, code, severity: 'error', fix });
  }

  #add(
    run: Run,
    networks: Networks,
    {
      path,
      message,
      severity,
      ...reported
    }: Pick<Diagnostic, 'path' | 'message' | 'severity'> & Omit<Reported, 'isFinding'>,
    isFinding = false,
  ): void {
    const document = networks.open.find(({ uri }) => uri.toString() === run.uri.toString());
    if (!document || document.getText() !== run.job.text) return;
    const found = problem(rangeOfPath(document, path), message, severities[severity], reported.code);
    const { code, layer, fix } = reported;
    this.#reported.set(found, { code, layer, fix, isFinding });
    if (this.#ofTexts.get(document.uri)?.some((known) => known.message === found.message)) return;
    this.#ofRuns.set(document.uri, [...(this.#ofRuns.get(document.uri) ?? []), found]);
  }
}

function textDiagnostics(document: vscode.TextDocument, networks: Networks): vscode.Diagnostic[] {
  return networks
    .analysis(document)
    .diagnostics.map(({ range, message, severity, code }) =>
      problem(toRange(document, range), message, severities[severity], code),
    );
}
