/** Shows the problems of a network in the Problems panel: those of its text and those of its last run. */
import * as vscode from 'vscode';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { End } from '../../engine/protocol/training.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { type Networks, toRange } from '../networks.ts';
import { rangeOfPath } from '../shown/place.ts';
import { problem } from '../shown/shown.ts';
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
  /** Problems that appear only when a run reads the data. They are there while the text is that of the run. */
  readonly #ofRuns = vscode.languages.createDiagnosticCollection('netloom-run');
  /** Details of problems of runs that VS Code does not keep. */
  readonly #reported = new WeakMap<vscode.Diagnostic, Reported>();
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
      runs.onDidStart((run) => {
        show(run.uri);
        void run.ended.then(({ reason }) => {
          if (reason === 'failed') show(run.uri);
        });
      }),
      runs.onDidReceive(({ run, event }) => {
        if ('warnings' in event || event.event === 'finding') show(run.uri);
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

  /**
   * Shows what a run of this window, or the moment of a run that the person looks at, has reported. What an earlier run found
   * is shown only when a person opens it: its data may be others by now.
   */
  #showRun(uri: vscode.Uri): void {
    const document = this.networks.open.find((one) => one.uri.toString() === uri.toString());
    const isLookedAt = this.runs.opened(uri) !== undefined || this.runs.moment(uri) !== undefined;
    const record = isLookedAt ? this.runs.shown(uri) : this.runs.get(uri)?.record;
    if (!document || !record || document.getText() !== record.text) {
      this.#ofRuns.delete(uri);
      return;
    }
    const known = new Set(this.#ofTexts.get(uri)?.map(({ message }) => message));
    const end = isLookedAt ? undefined : this.runs.get(uri)?.end;
    const problems = problemsOf(record.events, end?.reason === 'failed' ? end : undefined);
    this.#ofRuns.set(
      uri,
      problems
        .filter(({ message }) => !known.has(message))
        .map(({ path, message, severity, code, layer, fix, isFinding }) => {
          const found = problem(rangeOfPath(document, path), message, severities[severity], code);
          this.#reported.set(found, { code, layer, fix, isFinding });
          return found;
        }),
    );
  }
}

type RunProblem = Pick<Diagnostic, 'path' | 'message' | 'severity'> & Reported;

/** In the order reported. Of a finding that became an error, the error. */
function problemsOf(events: readonly TrainingEvent[], failure: End | undefined): RunProblem[] {
  const problems = new Map<string, RunProblem>();
  for (const event of events) {
    if ('warnings' in event)
      for (const warning of event.warnings ?? [])
        problems.set(warning.message, { ...warning, severity: 'warning', isFinding: false });
    if (event.event === 'finding')
      problems.set(`${event.code} ${event.layer ?? ''}`, { ...event, isFinding: true });
  }
  const { message, code, path = [], fix } = failure ?? {};
  // A problem without a place is not in the text, or the text cannot show it.
  if (message && path.length > 0)
    problems.set(message, { path, message, code, severity: 'error', fix, isFinding: false });
  return [...problems.values()];
}

function textDiagnostics(document: vscode.TextDocument, networks: Networks): vscode.Diagnostic[] {
  return networks
    .analysis(document)
    .diagnostics.map(({ range, message, severity, code }) =>
      problem(toRange(document, range), message, severities[severity], code),
    );
}
