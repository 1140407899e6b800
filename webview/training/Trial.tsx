/** Fixes on trial, shown instead of the run: the progress, the result, and the choice to keep the edit or to discard it. */
import * as l10n from '@vscode/l10n';
import type { ReactNode } from 'react';
import type { AttemptReport, CourseReport, EventOfKind, TrialResult } from '../../engine/protocol/events.ts';
import { formatAmount } from '../../engine/schema/numbers.ts';
import { countText } from '../../engine/schema/text.ts';
import { formatScore, lossName, scoreLabel } from '../../engine/stats/scores.ts';
import { Icon } from '../controls/Icon.tsx';
import { command, decide, perform } from '../host.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { useRun } from '../model/run.ts';
import { useTrial } from '../model/trial.ts';
import { TrialChart } from './TrialChart.tsx';

const tasks = {
  try: () => l10n.t('Trying a fix'),
  repair: () => l10n.t('Repairing'),
  compare: () => l10n.t('Finding what holds it back'),
};

export function Trial() {
  const { state, result } = useTrial();
  if (state.state === 'running') {
    const { task, doing, step, steps } = state;
    const count = step === 0 ? '' : l10n.t('step {0}', countText(step));
    return (
      <TrialHeader icon="loading" spin title={tasks[task]()}>
        <span className="trial-doing">{[doing, count].filter((part) => part !== '').join(' · ')}</span>
        <progress max={steps ?? 1} value={step} aria-label={doing} />
        <Choice label={l10n.t('Cancel')} onClick={() => decide('cancel')} />
      </TrialHeader>
    );
  }
  if (state.state !== 'done' || !result) return null;
  return (
    <>
      <Decision result={result} stale={state.stale} />
      <div className="trial">
        <div className="trial-facts">
          <p aria-live="polite">{result.verdict}</p>
          <Scores {...result} measures={result.event === 'trial' ? result.measures : undefined} />
          {result.event === 'repair' && <Path {...result} />}
          {result.event === 'comparison' && <Changes {...result} stale={state.stale} />}
        </div>
        <TrialChart before={result.before} after={result.fix && result.after} />
      </div>
    </>
  );
}

function Decision({ result, stale }: { readonly result: TrialResult; readonly stale: boolean }) {
  const editable = useEditor(isEditable);
  const { fix } = result;
  const title = fix?.title ?? l10n.t('Nothing to keep');
  const good = isGood(result);
  return (
    <TrialHeader icon={good ? 'pass' : 'warning'} tone={good ? 'finished' : 'guess'} title={title}>
      {stale && (
        <span className="trial-doing">{l10n.t('The text has changed since then. Undo, or try again.')}</span>
      )}
      {fix && editable && !stale && (
        <Choice primary={good} label={l10n.t('Keep')} title={title} onClick={() => decide('keep')} />
      )}
      <Choice
        primary={!good}
        label={fix ? l10n.t('Discard') : l10n.t('Close')}
        onClick={() => decide('discard')}
      />
    </TrialHeader>
  );
}

/**
 * The fix helps, or no error and warning is left. What a repair offers has helped, whatever it has left. A network that nothing
 * improves is not worse for that.
 */
const isGood = (result: TrialResult): boolean =>
  result.event === 'comparison' ||
  (result.event === 'trial' ? result.helps : result.fix !== undefined || result.left.length === 0);

/** The next steps after a fix was kept. */
export function Kept() {
  const hasWeights = useRun(({ end }) => end?.folder !== undefined);
  return (
    <div className="trial-kept" role="status">
      <Icon name="pass" />
      <span>{l10n.t('The fix is in the text. What is shown below is the run before it.')}</span>
      <Choice primary label={l10n.t('Train Again')} onClick={() => goOn('train')} />
      {hasWeights && (
        <Choice
          label={l10n.t('Continue')}
          title={l10n.t('Train with the weights of the layers that have not changed')}
          onClick={() => goOn('continueTraining')}
        />
      )}
      <Choice label={l10n.t('Close')} onClick={() => decide('discard')} />
    </div>
  );
}

function goOn(how: 'train' | 'continueTraining'): void {
  decide('discard');
  command(how);
}

interface TrialHeaderProps {
  readonly icon: string;
  readonly spin?: boolean;
  readonly tone?: string;
  readonly title: string;
  readonly children: ReactNode;
}

function TrialHeader({ icon, spin = false, tone = '', title, children }: TrialHeaderProps) {
  return (
    <header className="training-header trial-header">
      <span className={`run-state ${tone}`}>
        <Icon name={icon} className={spin ? 'codicon-modifier-spin' : ''} />
        <strong title={title}>{title}</strong>
      </span>
      {children}
    </header>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly title?: string;
  readonly primary?: boolean;
  onClick(): void;
}

const Choice = ({ label, title = label, primary = false, onClick }: ChoiceProps) => (
  <button
    type="button"
    className={`icon-button with-text ${primary ? 'primary' : 'stop'}`}
    title={title}
    onClick={onClick}
  >
    {label}
  </button>
);

type Sides = Pick<TrialResult, 'before' | 'after' | 'fix'>;

/** The same numbers of both, side by side; without a fix, of the one training that there is. */
function Scores({ before, after, fix, measures }: Sides & { readonly measures?: string | undefined }) {
  const limit = before.evidence?.limit ?? after.evidence?.limit;
  const rows = [
    ...(limit === undefined
      ? []
      : [
          [
            l10n.t('{0} (limit {1})', measures ?? l10n.t('What the finding measures'), formatAmount(limit)),
            ...both(before, after, evidenceText),
          ] as const,
        ]),
    ...(['train', 'test'] as const).flatMap((split) => scoreRows(split, before, after)),
    // A trial is often shorter than the training of the network.
    [l10n.t('Steps'), countText(before.steps), countText(after.steps)] as const,
  ];
  return (
    <table className="trial-scores">
      {fix && (
        <thead>
          <tr>
            <td />
            <th scope="col" className="trial-before">
              {l10n.t('without')}
            </th>
            <th scope="col" className="trial-after">
              {l10n.t('with fix')}
            </th>
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map(([name, without, withFix]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{without}</td>
            {fix && <td>{withFix}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const both = <T,>(before: CourseReport, after: CourseReport, text: (course: CourseReport) => T) =>
  [text(before), text(after)] as const;

const evidenceText = ({ evidence }: CourseReport): string => (evidence ? formatAmount(evidence.value) : '–');

function scoreRows(split: 'train' | 'test', before: CourseReport, after: CourseReport) {
  const names = new Set([...Object.keys(before[split] ?? {}), ...Object.keys(after[split] ?? {})]);
  return [...names].map((name) => {
    const shown = name === 'loss' ? lossName(before) : name;
    const label =
      split === 'train' ? l10n.t('{0} (train)', scoreLabel(shown)) : l10n.t('{0} (test)', scoreLabel(shown));
    const text = (course: CourseReport) => {
      const value = course[split]?.[name];
      return value === undefined ? '–' : formatScore(shown, value);
    };
    return [label, ...both(before, after, text)] as const;
  });
}

/** The fixes that a repair tried, in order, and the findings that remain. */
function Path({ attempts, left }: EventOfKind<'repair'>) {
  return (
    <ul className="trial-path" aria-label={l10n.t('Fixes that were tried')}>
      {attempts.map((attempt) => (
        <AttemptRow
          key={`${attempt.code} ${attempt.verdict} ${JSON.stringify(attempt.fix.edit)}`}
          attempt={attempt}
        />
      ))}
      {left.map(({ code, layer, message }) => (
        <li key={`${code} ${layer ?? ''}`} title={code}>
          <Icon name="circle-outline" />
          <span>{l10n.t('Left: {0}', message)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The changes that were tried, each alone: those that help first. Those that the header does not offer can be applied here. */
function Changes({ attempts, fix, stale }: EventOfKind<'comparison'> & { readonly stale: boolean }) {
  const editable = useEditor(isEditable) && !stale;
  const order = ['kept', 'dropped', 'rejected'];
  const sorted = attempts.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome));
  return (
    <ul className="trial-path" aria-label={l10n.t('Changes that were tried')}>
      {sorted.map(({ fix: change, outcome, verdict, judged }) => (
        <li key={JSON.stringify(change.edit)} className={outcome} title={verdict}>
          <Icon
            name={outcome === 'rejected' ? 'circle-slash' : outcome === 'kept' ? 'pass' : 'circle-outline'}
          />
          <span>
            <strong>
              {outcome === 'kept' ? l10n.t('Clearly better: {0}', change.title) : change.title}.
            </strong>{' '}
            {outcome === 'kept' && judged ? numbersText(judged) : verdict}
          </span>
          {editable && outcome !== 'rejected' && change.title !== fix?.title && (
            <button
              type="button"
              className="finding-fix"
              title={change.title}
              onClick={() => void perform(() => ({ edit: change.edit, ofNetwork: true }))}
            >
              {l10n.t('Apply')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** "98.00 % instead of 62.00 %" */
function numbersText({ score, before, after }: NonNullable<AttemptReport['judged']>): string {
  return l10n.t('{0} instead of {1}.', formatScore(score, after), formatScore(score, before));
}

const outcomes: { readonly [outcome in AttemptReport['outcome']]: (title: string) => string } = {
  // Not kept yet: the person decides.
  kept: (title) => l10n.t('Helps: {0}', title),
  rejected: (title) => l10n.t('Rejected: {0}', title),
  dropped: (title) => l10n.t('Dropped: {0}', title),
};

const AttemptRow = ({
  attempt: { code, layer, fix, outcome, verdict },
}: {
  readonly attempt: AttemptReport;
}) => (
  <li className={outcome} title={layer === undefined ? code : `${layer}: ${code}`}>
    <Icon name={outcome === 'kept' ? 'pass' : 'circle-slash'} />
    <span>
      <strong>{outcomes[outcome](fix.title)}.</strong> {verdict}
    </span>
  </li>
);
