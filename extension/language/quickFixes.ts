/** Quick fixes: the fix of a problem, offered where the problem is shown. */
import * as vscode from 'vscode';
import type { Fix } from '../../engine/schema/problem.ts';
import { applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { type Networks, toRange, toWorkspaceEdit } from '../networks.ts';
import { quickFix } from '../shown/shown.ts';
import type { Diagnostics } from './diagnostics.ts';

export class QuickFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  constructor(
    readonly networks: Networks,
    readonly problems: Pick<Diagnostics, 'ofRun'>,
  ) {}

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics, only }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (only && !only.contains(vscode.CodeActionKind.QuickFix)) return [];
    if (!this.networks.network(document)) return [];
    const ofText = this.networks
      .analysis(document)
      .diagnostics.map(({ code, fix, range: place }) => ({ code, fix, place: toRange(document, place) }));
    return [...ofText, ...this.problems.ofRun(document)].flatMap(({ code, fix, place }) => {
      if (!fix || !place.intersection(range)) return [];
      const shown = diagnostics.filter((one) => one.code === code && one.range.isEqual(place));
      return this.#action(document, fix, shown);
    });
  }

  /** Undefined if the edit cannot be made because the problem belongs to an earlier text. */
  #action(
    document: vscode.TextDocument,
    { title, edit }: Fix<SpecEdit>,
    shown: readonly vscode.Diagnostic[],
  ): vscode.CodeAction[] {
    const outcome = applyEdit(document.getText(), edit);
    return 'problem' in outcome ? [] : [quickFix(title, toWorkspaceEdit(document, outcome.changes), shown)];
  }
}
