/** The state of the last job in words: it runs, or how it ended and what can be done after a failure. */
import * as l10n from '@vscode/l10n';
import type { EndReason } from '../../engine/protocol/events.ts';
import { finishedText } from '../../engine/protocol/verdict.ts';
import { counted, countText } from '../../engine/schema/text.ts';
import type { Standing } from '../../engine/stats/scores.ts';
import { Icon } from '../controls/Icon.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { command } from '../host.ts';
import { fixKey } from '../model/appliedFixes.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { useIsOtherText } from '../model/otherText.ts';
import { type Run, standingOfRun, useEarlier, useFailedBefore, useRun } from '../model/run.ts';
import { ApplyFix } from './Findings.tsx';

const endings: { readonly [R in EndReason]: { readonly icon: string; readonly label: () => string } } = {
  finished: { icon: 'pass', label: () => finishedText('better') },
  stopped: { icon: 'debug-stop', label: () => l10n.t('Stopped') },
  failed: { icon: 'error', label: () => l10n.t('Failed') },
};

export function RunState() {
  const runState = useEditor((state) => state.runState);
  const end = useRun((run) => run.end);
  const evaluation = useRun((run) => run.evaluation);
  const evaluationEnd = useRun((run) => run.evaluationEnd);
  const warning = useRun((run) => run.warning);
  const earlier = useEarlier();
  const cutOff = useRun((run) => run.cutOff);
  const standing = useRun(standingOfRun);
  const changed = useFailedBefore();
  // Steps are recorded more rarely than they are taken, epochs are not.
  const epoch = useRun(({ step, series }) => Math.max(step?.epoch ?? 0, series.epochs.at(-1)?.epoch ?? 0));
  const epochs = useRun((run) => run.plan?.epochs ?? 0);
  if (runState.state === 'stopping') return <Mark icon="loading" label={l10n.t('Stopping')} spin />;
  if (runState.state === 'running')
    return (
      <>
        <Mark
          icon="loading"
          label={runState.task === 'train' ? l10n.t('Training') : l10n.t('Evaluating')}
          spin
        />
        {warning && <span className="run-message">{warning.message}</span>}
      </>
    );
  if (evaluationEnd && evaluationEnd.reason !== 'finished') return <EvaluationFault end={evaluationEnd} />;
  if (cutOff && earlier)
    return (
      <Mark
        icon="debug-disconnect"
        label={l10n.t('Cut off at epoch {0} of {1}, {2}', epoch, epochs, earlier)}
        tone="cut-off"
      />
    );
  const { icon, label, tone } = outcomeOf(end?.reason, evaluation, standing);
  return (
    <>
      {earlier ? (
        <Mark icon="history" label={l10n.t('Earlier run, {0}', earlier)} tone="earlier" />
      ) : (
        <Mark icon={icon} label={label} tone={tone} />
      )}
      {end?.restoredEpoch !== undefined && (
        <span className="run-message">{l10n.t('Weights of epoch {0} restored', end.restoredEpoch)}</span>
      )}
      {end?.message && <span className="run-message">{end.message}</span>}
      {changed && <span className="run-message">{l10n.t('The network has changed since.')}</span>}
      {end?.reason === 'failed' && <AfterFailure fix={end.fix} row={end.row} />}
    </>
  );
}

/** The state of an evaluation without scores. Everything below it belongs to the training of its weights. */
function EvaluationFault({
  end: { reason, message, row },
}: {
  readonly end: NonNullable<Run['evaluationEnd']>;
}) {
  const label = reason === 'stopped' ? l10n.t('Evaluation stopped') : l10n.t('Evaluation failed');
  return (
    <>
      <Mark icon={endings[reason].icon} label={label} tone={reason} />
      {message && <span className="run-message">{message}</span>}
      {reason === 'failed' && <AfterFailure row={row} />}
    </>
  );
}

type End = NonNullable<Run['end']>;

/** The fix of the mistake, if there is one and the text still has the mistake, and where to look for the cause. */
function AfterFailure({ fix, row }: { readonly [field in 'fix' | 'row']?: End[field] | undefined }) {
  const isOther = useIsOtherText();
  const editable = useEditor(isEditable);
  return (
    <span className="button-row">
      {editable && !isOther && fix && <ApplyFix name={fixKey({ code: 'end' }, fix.title)} fix={fix} />}
      <IconButton
        icon="go-to-file"
        text={row ? l10n.t('Open row {0}', row.number) : l10n.t('Open text')}
        title={row ? l10n.t('Open {0} at row {1}', row.file, row.number) : l10n.t('Open text to the side')}
        onClick={() => command('openFailure')}
      />
      <IconButton
        icon="output"
        text={l10n.t('Show log')}
        title={l10n.t('Show log')}
        onClick={() => command('showLog')}
      />
    </span>
  );
}

/**
 * The state of the last job. An evaluation's scores arrive before its end, and the state of the training is shown until
 * then.
 */
function outcomeOf(
  reason: EndReason | undefined,
  evaluation: Run['evaluation'],
  standing: Standing,
): Required<MarkLook> {
  if (evaluation && reason !== 'failed') {
    const { split, samples } = evaluation;
    const what = split === 'train' ? 'trainingSamples' : 'testSamples';
    const label = l10n.t('Evaluated on {0}', counted(samples, what, countText(samples)));
    return { icon: endings.finished.icon, label, tone: 'finished' };
  }
  if (reason === 'finished' && standing !== 'better')
    return { icon: 'warning', label: finishedText(standing), tone: 'guess' };
  if (!reason) return { icon: 'pulse', label: l10n.t('Last run'), tone: '' };
  return { icon: endings[reason].icon, label: endings[reason].label(), tone: reason };
}

interface MarkLook {
  readonly icon: string;
  readonly label: string;
  readonly tone?: string;
}

interface MarkProps extends MarkLook {
  readonly spin?: boolean;
}

function Mark({ icon, label, spin = false, tone = '' }: MarkProps) {
  return (
    <span className={`run-state ${tone}`}>
      <Icon name={icon} className={spin ? 'codicon-modifier-spin' : ''} />
      <strong title={label}>{label}</strong>
    </span>
  );
}
