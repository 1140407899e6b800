/** Try Fix, Repair and Find What Holds It Back: start a trial if nothing prevents it. */
import * as vscode from 'vscode';
import { type NamedFinding, named } from '../../engine/protocol/findings.ts';
import { grouped } from '../../engine/spec/grouped.ts';
import type { Networks } from '../networks.ts';
import { choose, showInformation } from '../shown/shown.ts';
import type { Runs } from '../training/runs.ts';
import type { Trials } from '../trials/trials.ts';
import { trainable } from './run.ts';

/** Other extensions may call commands with any arguments. */
function readFinding(given: unknown): NamedFinding | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { code, layer, layers = [layer] } = given as { readonly [name: string]: unknown };
  if (typeof code !== 'string') return undefined;
  return isTexts(layers) ? { code, layers } : { code };
}

const isTexts = (given: unknown): given is readonly string[] =>
  Array.isArray(given) && given.length > 0 && given.every((one) => typeof one === 'string');

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
  const choices = grouped([...networks.analysis(document).findings, ...ofRun]).flatMap(
    ({ first: { code }, members, message, fix }) =>
      fix ? [{ label: fix.title, description: code, detail: message, value: named(members) }] : [],
  );
  if (choices.length > 0) return choose(choices, { placeHolder: vscode.l10n.t('Which fix to try') });
  const message = vscode.l10n.t('No finding with a fix is known. Train the network, or repair it.');
  void showInformation(message);
  return undefined;
}
