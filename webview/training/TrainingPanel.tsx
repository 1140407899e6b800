/** The panel below or beside the graph while there is or was a run: its progress and its curves. */

import * as l10n from '@vscode/l10n';
import { countText } from '../../engine/schema/text.ts';
import { digitsFor, formatScore, scoreLabel } from '../../engine/stats/scores.ts';
import { Icon } from '../controls/Icon.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { onDemand } from '../controls/onDemand.tsx';
import { Splitter } from '../controls/Splitter.tsx';
import { useEditor } from '../model/editor.ts';
import { usePanels } from '../model/panels.ts';
import { hasRun, type Run, useRun } from '../model/run.ts';
import { hasTrial, useTrial } from '../model/trial.ts';
import { Findings, FindingsHead } from './Findings.tsx';
import { ReplayMark } from './ReplayMark.tsx';
import { RunState } from './RunState.tsx';

/** As large as the final one, so that nothing moves. */
const Chart = onDemand(
  () => import('./Chart.tsx'),
  ({ Chart }) => Chart,
  'chart',
);
/** Loaded only if there is something to replay. */
const Scrubber = onDemand(
  () => import('./Scrubber.tsx'),
  ({ Scrubber }) => Scrubber,
  'scrubber',
);
/** Loaded on demand, because few runs have one. */
const Trial = onDemand(
  () => import('./Trial.tsx'),
  ({ Trial }) => Trial,
  'trial',
);
const Kept = onDemand(
  () => import('./Trial.tsx'),
  ({ Kept }) => Kept,
  'trial-kept',
);

/** Whether the panel is open and has something to show. */
function useIsOpen(): boolean {
  const open = usePanels(({ trainingOpen }) => trainingOpen);
  const there = useRun(hasRun);
  const running = useEditor(({ runState }) => runState.state !== 'idle');
  const trial = useTrial((trial) => hasTrial(trial) || trial.state.state === 'kept');
  return open && (there || running || trial);
}

/** Over the graph, which then makes room for it, where the panel does not show which moment this is. */
export function ReplayMarkOfGraph() {
  const open = useIsOpen();
  const onTrial = useTrial(hasTrial);
  return open && !onTrial ? null : <ReplayMark withButton />;
}

interface TrainingPanelProps {
  /** Whether it is beside the graph instead of below it. */
  readonly beside: boolean;
}

export function TrainingPanel({ beside }: TrainingPanelProps) {
  const { trainingHeight, trainingWidth } = usePanels();
  const open = useIsOpen();
  const onTrial = useTrial(hasTrial);
  const kept = useTrial(({ state }) => state.state === 'kept');
  if (!open) return null;
  return (
    <>
      {beside ? (
        <Splitter
          label={l10n.t('Width of the training panel')}
          orientation="vertical"
          size={trainingWidth}
          min={220}
          max={640}
          onResize={(width) => usePanels.setState({ trainingWidth: width })}
        />
      ) : (
        <Splitter
          label={l10n.t('Height of the training panel')}
          orientation="horizontal"
          size={trainingHeight}
          min={120}
          max={480}
          onResize={(height) => usePanels.setState({ trainingHeight: height })}
        />
      )}
      <section
        className={`training ${beside ? 'beside' : ''}`}
        style={beside ? { width: trainingWidth } : { height: trainingHeight }}
        aria-label={l10n.t('Training')}
      >
        {onTrial ? <Trial /> : <RunView kept={kept} />}
      </section>
    </>
  );
}

/** The run: its state, its findings and its curves; above them, the choice after a fix was kept. */
function RunView({ kept }: { readonly kept: boolean }) {
  return (
    <>
      <header className="training-header">
        <Where />
        <Quantities />
        <IconButton
          icon="close"
          title={l10n.t('Hide the training panel')}
          onClick={() => usePanels.setState({ trainingOpen: false })}
        />
      </header>
      {kept && <Kept />}
      <Warnings />
      <div className="run-body">
        <FindingsHead kept={kept} />
        <Charts />
        <Findings kept={kept} />
      </div>
      <Replay />
    </>
  );
}

/** How far the run is, or which earlier moment of it is shown. */
function Where() {
  const replaying = useRun(({ replay }) => replay !== undefined);
  // The button is beside the slider.
  return replaying ? <ReplayMark withButton={false} /> : <RunState />;
}

type Quantity = readonly [name: string, value: string];

/** Scores of an evaluation. Where an earlier run takes the place of the line about the evaluation, they name its split. */
function resultsOf({ evaluation, earlier }: Run): readonly Quantity[] {
  const isOfTraining = evaluation?.split === 'train';
  const label = (metric: string): string => {
    const name = scoreLabel(metric);
    if (earlier === undefined) return name;
    return isOfTraining ? l10n.t('{0} (train)', name) : l10n.t('{0} (test)', name);
  };
  return Object.entries(evaluation?.test ?? {}).map(([metric, value]) => [
    label(metric),
    formatScore(metric, value),
  ]);
}

const epochAt = (step: number, { stepsPerEpoch, epochs }: NonNullable<Run['plan']>): number =>
  Math.min(epochs, Math.max(1, Math.ceil(step / stepsPerEpoch)));

/** The most important first: in a narrow panel the last ones are only in the tooltip. */
function progressOf({ plan, step, series, replay }: Run): readonly Quantity[] {
  const quantities: Quantity[] = [];
  if (replay && plan) quantities.push([l10n.t('epoch'), `${epochAt(replay.step, plan)} / ${plan.epochs}`]);
  else if (step && plan) {
    quantities.push([l10n.t('epoch'), `${step.epoch} / ${plan.epochs}`]);
    quantities.push([
      l10n.t('step'),
      `${countText(step.step)} / ${countText(plan.stepsPerEpoch * plan.epochs)}`,
    ]);
  }
  if (step && !replay) quantities.push([l10n.t('samples/s'), countText(Math.round(step.samplesPerSecond))]);
  if (series.window > 0)
    quantities.push([
      l10n.t('line'),
      series.window === 1 ? l10n.t('each step') : l10n.t('mean of {0} steps', series.window),
    ]);
  return quantities;
}

function Quantities() {
  const run = useRun();
  const progress = progressOf(run);
  return (
    <>
      <QuantityList quantities={resultsOf(run)} className="run-quantities results" />
      <QuantityList
        quantities={progress}
        className="run-quantities progress"
        title={progress.map((quantity) => quantity.join(' ')).join(' · ')}
      />
    </>
  );
}

interface QuantityListProps {
  readonly quantities: readonly Quantity[];
  readonly className: string;
  readonly title?: string;
}

function QuantityList({ quantities, ...list }: QuantityListProps) {
  if (quantities.length === 0) return null;
  return (
    <dl {...list}>
      {quantities.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Assumptions about spec and data, and warnings. */
function Warnings() {
  const plan = useRun((run) => run.plan);
  const evaluation = useRun((run) => run.evaluation);
  const messages = [...(plan?.warnings ?? []), ...(evaluation?.warnings ?? [])].map(({ message }) => message);
  if (messages.length === 0) return null;
  return (
    <ul className="run-warnings" aria-label={l10n.t('Warnings')}>
      {[...new Set(messages)].map((message) => (
        <li key={message}>
          <Icon name="warning" />
          {message}
        </li>
      ))}
    </ul>
  );
}

/** Only if there are readings to move through. */
function Replay() {
  const measured = useRun(({ stats }) => Object.keys(stats).length > 0);
  return measured ? <Scrubber /> : null;
}

function Charts() {
  const series = useRun((run) => run.series);
  // A new metric appears with the first step that has it, which changes the version.
  useRun((run) => Math.min(run.version, 20));
  // A run that failed before its first step has no curves, but a message.
  if (series.metrics.length === 0) return null;
  return (
    <div className="charts">
      {series.metrics.map((metric) => (
        <Chart
          key={metric}
          metric={metric}
          title={scoreLabel(metric)}
          format={(value) => formatScore(metric, value)}
          tick={(value, step) => formatScore(metric, value, digitsFor(step))}
        />
      ))}
    </div>
  );
}
