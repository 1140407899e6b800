/** Try Fix, Repair and Find What Holds It Back: start a trial if nothing prevents it. */
import * as vscode from 'vscode';
import type { Networks } from '../networks.ts';
import { choose, showInformation } from '../shown/shown.ts';
import type { Runs } from '../training/runs.ts';
import type { Trials } from '../trials/trials.ts';
import { trainable } from './run.ts';

/** A finding, as code actions and the graph identify it. */
export interface NamedFinding {
  readonly code: string;
  readonly layer?: string | undefined;
}

/** Other extensions may call commands with any arguments. */
function readFinding(given: unknown): NamedFinding | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { code, layer } = given as { readonly [name: string]: unknown };
  if (typeof code !== 'string') return undefined;
  return typeof layer === 'string' ? { code, layer } : { code };
}

export async function tryFix(
  uri: vscode.Uri,
  given: unknown,
  networks: Networks,
  runs: Runs,
  trials: Trials,
) {
  const document = await trainable(uri, networks);
  const finding = document && (readFinding(given) ?? (await chooseFinding(document, networks, runs)));
  return finding && trials.start(document, { task: 'try', ...finding });
}

export async function repair(uri: vscode.Uri, networks: Networks, trials: Trials) {
  const document = await trainable(uri, networks);
  return document && trials.start(document, { task: 'repair' });
}

export async function findWhatHoldsBack(uri: vscode.Uri, networks: Networks, trials: Trials) {
  const document = await trainable(uri, networks);
  return document && trials.start(document, { task: 'compare' });
}

/** The findings that an edit fixes: those of the text and those of its last run. */
async function chooseFinding(
  document: vscode.TextDocument,
  networks: Networks,
  runs: Runs,
): Promise<NamedFinding | undefined> {
  const record = runs.record(document.uri);
  const ofRun =
    record?.text === document.getText() ? record.events.filter((event) => event.event === 'finding') : [];
  const found = [...networks.analysis(document).findings, ...ofRun].flatMap(
    ({ code, layer, message, fix }) =>
      fix ? [{ label: fix.title, description: code, detail: message, value: { code, layer } }] : [],
  );
  const choices = [...new Map(found.map((one) => [`${one.description} ${one.value.layer}`, one])).values()];
  if (choices.length > 0) return choose(choices, { placeHolder: vscode.l10n.t('Which fix to try') });
  const message = vscode.l10n.t('No finding with a fix is known. Train the network, or repair it.');
  void showInformation(message);
  return undefined;
}
