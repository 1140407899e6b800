/** What is wrong with a network, in the Problems panel: found by reading its text, or by its last run. */
import * as vscode from 'vscode';
import type { End } from '../../engine/protocol/training.ts';
import type { Path } from '../../engine/schema/attributes.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { type Networks, toRange } from '../networks.ts';
import { rangeOfPath } from '../shown/place.ts';
import { problem } from '../shown/shown.ts';
import type { Session } from '../training/session.ts';
import type { Sessions } from '../training/sessions.ts';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const satisfies Record<Diagnostic['severity'], vscode.DiagnosticSeverity>;

export class Diagnostics {
  readonly #ofTexts = vscode.languages.createDiagnosticCollection('netloom');
  /** Mistakes that show only when spec and data meet. They stand until the text changes or another run starts. */
  readonly #ofRuns = vscode.languages.createDiagnosticCollection('netloom-run');
  readonly #listeners: vscode.Disposable[];

  constructor(networks: Networks, sessions: Sessions) {
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
      sessions.onDidStart((session) => {
        this.#ofRuns.delete(session.uri);
        void session.ended.then((end) => this.#showFailure(session, end, networks));
      }),
      sessions.onDidReceive(({ session, event }) => {
        if ('warnings' in event)
          for (const { code, message, path } of event.warnings ?? [])
            this.#add(session, networks, path, message, code, vscode.DiagnosticSeverity.Warning);
        if (event.event === 'finding')
          this.#add(session, networks, event.path, event.message, event.code, severities[event.severity]);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of [...this.#listeners, this.#ofTexts, this.#ofRuns]) disposable.dispose();
  }

  #showFailure(session: Session, { reason, message, code, path = [] }: End, networks: Networks): void {
    // Without a place it is no mistake in the text, or not one that the text can show.
    if (reason !== 'failed' || !message || path.length === 0) return;
    this.#add(session, networks, path, message, code, vscode.DiagnosticSeverity.Error);
  }

  #add(
    session: Session,
    networks: Networks,
    path: Path,
    message: string,
    code: string | undefined,
    severity: vscode.DiagnosticSeverity,
  ): void {
    const document = networks.open.find(({ uri }) => uri.toString() === session.uri.toString());
    if (!document || document.getText() !== session.job.text) return;
    const found = problem(rangeOfPath(document, path), message, severity, code);
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
