/** Reports once how a run ended, even if that was before the network was opened. */
import * as vscode from 'vscode';
import { commandId } from '../../engine/protocol/commands.ts';
import type { EventOfKind } from '../../engine/protocol/events.ts';
import { newestFindings } from '../../engine/protocol/findings.ts';
import type { End } from '../../engine/protocol/training.ts';
import { savedEpoch, verdictOf } from '../../engine/protocol/verdict.ts';
import { bySeverity, isAtLeast } from '../../engine/schema/severity.ts';
import { counted } from '../../engine/schema/text.ts';
import { type Group, grouped } from '../../engine/spec/grouped.ts';
import { type Standing, scoresText } from '../../engine/stats/scores.ts';
import { networkName } from '../networks.ts';
import { readSetting } from '../settings.ts';
import type { Log } from '../shown/log.ts';
import { showPlace, showRow } from '../shown/place.ts';
import { showError, showInformation, showWarning } from '../shown/shown.ts';
import { isGraphInView } from '../shown/tabs.ts';
import type { Run } from './run.ts';
import type { RunRecord } from './runRecord.ts';

export async function report(run: Run, end: End, log: Log): Promise<void> {
  const name = networkName(run.uri);
  log.info(`${name}: ${end.reason} at step ${end.step}${end.message ? `: ${end.message}` : ''}`);
  if (end.reason === 'failed') await reportFailure(run, name, end, log);
  else if (end.reason === 'finished') await reportResult(run, name);
}

/** For a run that was cut off because its window was closed or reloaded, or its machine stopped. */
export async function reportCutOff(uri: vscode.Uri, record: RunRecord, log: Log): Promise<void> {
  const name = networkName(uri);
  const [plan, step, epoch] = [record.last('plan'), record.last('step'), record.last('epoch')];
  const place = vscode.l10n.t(
    '{0}: the last run was cut off at epoch {1} of {2}.',
    name,
    // Steps are recorded more rarely than they are taken, epochs are not.
    Math.max(step?.epoch ?? 0, epoch?.epoch ?? 0),
    plan?.epochs ?? 0,
  );
  const kept = epoch
    ? vscode.l10n.t('The weights of epoch {0} are kept.', epoch.epoch)
    : vscode.l10n.t('It completed no epoch, so it kept no weights.');
  log.warn(`${place} ${kept}`);
  const train = vscode.l10n.t('Train Again');
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await showWarning(`${place} ${kept}`, train, showLog);
  if (chosen === train) await vscode.commands.executeCommand(commandId('train'), uri);
  else if (chosen === showLog) log.show();
}

async function reportFailure(run: Run, name: string, end: End, log: Log): Promise<void> {
  // The training panel of a visible graph says the same, and what can be done.
  if (isGraphInView(run.uri)) return;
  const openPlace = end.row ? openRowText(end.row.number) : vscode.l10n.t('Open Text');
  const showLog = vscode.l10n.t('Show Log');
  const train = vscode.l10n.t('Train');
  // Notifications turn [text](address) into a link, but text from a network must stay text.
  const message = `${name}: ${end.message ?? vscode.l10n.t('the run failed.')}`.replaceAll('](', '] (');
  const needsWeights = end.code?.startsWith('weights/') ?? false;
  const chosen = await showError(message, needsWeights ? train : openPlace, showLog);
  if (chosen === train) await vscode.commands.executeCommand(commandId('train'), run.uri);
  else if (chosen === openPlace) await showFailure(run.uri, end);
  else if (chosen === showLog) log.show();
}

const openRowText = (row: number): string => vscode.l10n.t('Open Row {0}', row);

/** Shows what made a run fail: the row of its data file, or the place in its text. */
export async function showFailure(
  uri: vscode.Uri,
  { path = [], row }: Pick<End, 'path' | 'row'>,
): Promise<void> {
  if (!row || !(await showRow(uri, row))) await showPlace(uri, path);
}

async function reportResult(run: Run, name: string): Promise<void> {
  // The training panel of a visible graph shows the same result, and a notification would cover its charts.
  if (isGraphInView(run.uri)) return;
  const evaluation = run.record.last('evaluation');
  if (evaluation) {
    const shown = scoresText(evaluation.test);
    await showInformation(
      evaluation.split === 'train'
        ? vscode.l10n.t(
            '{0} on its {1}, as there are no test samples: {2}',
            name,
            counted(evaluation.samples, 'trainingSamples'),
            shown,
          )
        : vscode.l10n.t('{0} on {1}: {2}', name, counted(evaluation.samples, 'testSamples'), shown),
    );
    return;
  }
  const result = readSetting('training.notifyWhenFinished', run.uri) && resultOf(name, run.record);
  if (!result) return;
  const { message, worst, isFault } = result;
  if (!isFault) {
    await showInformation(message);
    return;
  }
  const openText = vscode.l10n.t('Open Text');
  const openProblems = vscode.l10n.t('Show Problems');
  const chosen = await showWarning(message, openText, openProblems);
  if (chosen === openText) await showPlace(run.uri, worst?.path ?? []);
  else if (chosen === openProblems) await vscode.commands.executeCommand('workbench.actions.view.problems');
}

type Finding = EventOfKind<'finding'>;

/** The message about a training that has finished: its scores, and what was found. */
interface Result {
  readonly message: string;
  /** Whether it learned nothing, or has a fault. */
  readonly isFault: boolean;
  /** The most severe finding, the first of several. */
  readonly worst: Finding | undefined;
}

/** For weights that do not beat guessing. */
const standingTexts: {
  readonly [standing in Exclude<Standing, 'better'>]: (
    name: string,
    scores: string,
    guessing: string,
  ) => string;
} = {
  guess: (name, scores, guessing) =>
    vscode.l10n.t(
      '{0} has learned nothing: it predicts no better than guessing ({1}; guessing: {2}).',
      name,
      scores,
      guessing,
    ),
  highLoss: (name, scores, guessing) =>
    vscode.l10n.t(
      '{0} has finished, but its loss is above that of guessing ({1}; guessing: {2}).',
      name,
      scores,
      guessing,
    ),
};

/** Undefined for a run without a complete epoch. */
export function resultOf(name: string, record: RunRecord): Result | undefined {
  const restored = record.last('end')?.restoredEpoch;
  const epoch = savedEpoch(record.all('epoch'), restored);
  if (!epoch) return undefined;
  const baseline = record.last('plan')?.baseline;
  const { scores, standing } = verdictOf(epoch, baseline);
  const shown = scoresText(scores);
  // Counted as in the panel, the toolbar and the Problems view: in every layer.
  const found = newestFindings(record.events.filter((event) => event.event === 'finding'));
  const worst = worstOf(grouped(found));
  if (baseline && standing !== 'better') {
    const learned = standingTexts[standing](name, shown, scoresText(baseline));
    const cause = worst ?? record.events.find((event) => event.event === 'finding');
    return { message: cause ? `${learned} ${cause.message}` : learned, isFault: true, worst: cause };
  }
  const result = epoch.test
    ? vscode.l10n.t('{0} is trained. On test samples: {1}.', name, shown)
    : vscode.l10n.t('{0} is trained. On training samples: {1}.', name, shown);
  const sentences = [result];
  if (restored !== undefined)
    sentences.push(vscode.l10n.t('The weights of epoch {0} were restored.', restored));
  if (worst) sentences.push(vscode.l10n.t('{0}: {1}', counted(found.length, 'findings'), worst.message));
  return { message: sentences.join(' '), isFault: worst !== undefined, worst };
}

/** The first of the most severe, as it reads for all its layers; information is no fault. */
function worstOf(groups: readonly Group<Finding>[]): Finding | undefined {
  const [worst] = groups.toSorted((one, other) => bySeverity(one.first, other.first));
  return worst && isAtLeast(worst.first, 'warning') ? { ...worst.first, message: worst.message } : undefined;
}
