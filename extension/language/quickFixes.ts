/** Quick fixes: offers the fix of a problem where the problem is shown. */
import * as vscode from 'vscode';
import { commandId } from '../../engine/protocol/commands.ts';
import { type NamedFinding, named } from '../../engine/protocol/findings.ts';
import type { Fix } from '../../engine/schema/problem.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { applyEdit } from '../../engine/spec/edit.ts';
import { grouped } from '../../engine/spec/grouped.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { type Networks, toRange, toWorkspaceEdit } from '../networks.ts';
import { codeOf, commandAction, quickFix } from '../shown/shown.ts';
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
    const { diagnostics: problems, findings } = this.networks.analysis(document);
    const ofText = problems.map((one) => ({
      ...one,
      place: toRange(document, one.range),
      isFinding: findings.includes(one),
    }));
    const all = [...ofText, ...this.problems.ofRun(document)];
    const actions = all.flatMap(({ code, layer, fix, place, isFinding }) => {
      if (!fix || !place.intersection(range)) return [];
      const shown = diagnostics.filter((one) => codeOf(one) === code && one.range.isEqual(place));
      const actions = this.#action(document, fix, shown);
      const canTry = isFinding && vscode.workspace.isTrusted && actions.length > 0;
      return canTry ? [...actions, tryAction(document, fix, named([{ code, layer }]), shown)] : actions;
    });
    return [
      ...actions,
      ...this.#ofSeveralLayers(
        document,
        range,
        all.filter(({ isFinding }) => isFinding),
      ),
    ];
  }

  /** For findings in this range that other layers have, too: one fix for all of them. */
  #ofSeveralLayers(
    document: vscode.TextDocument,
    range: vscode.Range,
    findings: readonly (Diagnostic & { readonly place: vscode.Range })[],
  ): vscode.CodeAction[] {
    return grouped(findings).flatMap(({ members, fix }) => {
      const isOther = members.every((one) => one.fix?.title !== fix?.title);
      const isHere = members.some(({ place }) => place.intersection(range));
      if (!fix || !isOther || !isHere) return [];
      const actions = this.#action(document, fix, []);
      const canTry = vscode.workspace.isTrusted && actions.length > 0;
      return canTry ? [...actions, tryAction(document, fix, named(members), [])] : actions;
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

const tryAction = (
  { uri }: vscode.TextDocument,
  { title }: Fix<SpecEdit>,
  finding: NamedFinding,
  shown: readonly vscode.Diagnostic[],
): vscode.CodeAction =>
  commandAction(vscode.l10n.t('Try: {0}', title), commandId('tryFix'), [uri, finding], shown);
