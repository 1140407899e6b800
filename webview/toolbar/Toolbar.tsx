/** The bar at the top: train, evaluate, text, layout, and the current state. */

import * as l10n from '@vscode/l10n';
import { networkTotal } from '../../engine/graph/summary.ts';
import type { RunState } from '../../engine/protocol/editor.ts';
import { counted, countText } from '../../engine/schema/text.ts';
import { clearLayout, isArranged } from '../canvas/actions.ts';
import { IconButton } from '../controls/IconButton.tsx';
import { command } from '../host.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { useHeld } from '../model/held.ts';
import { inspectorKey, type Panels, usePanels } from '../model/panels.ts';
import { useRun } from '../model/run.ts';
import { useNarrow } from '../theme/useNarrow.ts';
import { useBroken } from './useBroken.ts';

export function Toolbar() {
  const runState = useEditor((state) => state.runState);
  const trainable = useEditor(
    ({ view, broken }) => view?.analysis.trainable === true && broken === undefined,
  );
  const editable = useEditor(isEditable);
  const view = useEditor((state) => state.view);
  const placed = isArranged(view, useHeld());
  const panels = usePanels();
  const { trainingOpen } = panels;
  const inspector = inspectorKey(useNarrow());
  const inspectorOpen = panels[inspector];
  const toggle = (panels: Partial<Panels>) => usePanels.setState(panels);
  const reason = trainable ? '' : ` — ${l10n.t('fix the problems and fill in the training section first')}`;
  return (
    <div className="toolbar" role="toolbar" aria-label={l10n.t('Network')}>
      <RunButton runState={runState} trainable={trainable} reason={reason} />
      <IconButton
        icon="beaker"
        text={l10n.t('Evaluate')}
        title={l10n.t('Evaluate the trained network on the test samples') + reason}
        disabled={!trainable || runState.state !== 'idle'}
        onClick={() => command('evaluate')}
      />
      <span className="toolbar-line" />
      <IconButton
        icon="go-to-file"
        text={l10n.t('Open text')}
        title={l10n.t('Open the text beside the graph')}
        onClick={() => command('openTextToSide')}
      />
      <IconButton
        icon="type-hierarchy-sub"
        text={l10n.t('Auto layout')}
        title={
          placed
            ? l10n.t('Discard the positions of the cards and lay them out again')
            : l10n.t('Cards are laid out automatically')
        }
        disabled={!editable || !placed}
        onClick={clearLayout}
      />
      <Status runState={runState} />
      <IconButton
        icon={trainingOpen ? 'layout-panel' : 'layout-panel-off'}
        title={l10n.t('Show or hide the training panel')}
        pressed={trainingOpen}
        onClick={() => toggle({ trainingOpen: !trainingOpen })}
      />
      <IconButton
        icon={inspectorOpen ? 'layout-sidebar-right' : 'layout-sidebar-right-off'}
        title={l10n.t('Show or hide the inspector')}
        pressed={inspectorOpen}
        onClick={() => toggle({ [inspector]: !inspectorOpen })}
      />
    </div>
  );
}

interface RunButtonProps {
  readonly runState: RunState;
  readonly trainable: boolean;
  /** The reason why it cannot be trained. */
  readonly reason: string;
}

/** Train, replaced by Stop during a run. */
function RunButton({ runState, trainable, reason }: RunButtonProps) {
  const stopping = runState.state === 'stopping';
  return runState.state === 'idle' ? (
    <IconButton
      className="primary"
      icon="play"
      text={l10n.t('Train')}
      title={l10n.t('Train the network') + reason}
      disabled={!trainable}
      onClick={() => command('train')}
    />
  ) : (
    <IconButton
      className="primary stop"
      icon="debug-stop"
      text={stopping ? l10n.t('Stopping…') : l10n.t('Stop')}
      title={l10n.t('Stop the run')}
      disabled={stopping}
      onClick={() => command('stop')}
    />
  );
}

function Status({ runState }: { readonly runState: RunState }) {
  const network = useEditor(({ view }) => view);
  const step = useRun((run) => run.step);
  const plan = useRun((run) => run.plan);
  const broken = useBroken();
  if (!network || network.layers.length === 0) return <span className="toolbar-status" />;
  // Inside a block, this also applies to the network.
  const { whole } = network;
  const count = (wanted: (typeof whole.diagnostics)[number]['severity']) =>
    whole.diagnostics.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const { parameters } = networkTotal(whole);
  const problems = [
    ...(errors > 0 ? [counted(errors, 'errors')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warnings')] : []),
  ].join(', ');
  const state =
    runState.state === 'running' && step && plan
      ? l10n.t('Epoch {0} of {1}', step.epoch, plan.epochs)
      : broken
        ? l10n.t('Error in line {0}', broken.line)
        : problems || undefined;
  const size = sizeText(whole.graph.layers.length, parameters);
  return (
    <span
      className={`toolbar-status ${(broken || errors > 0) && runState.state === 'idle' ? 'error' : ''}`}
      role="status"
      title={state === undefined ? size : `${state} · ${size}`}
    >
      {state ?? (
        <>
          <span className="whole-size">{size}</span>
          <span className="short-size">{`θ ${countText(parameters)}`}</span>
        </>
      )}
    </span>
  );
}

const sizeText = (layers: number, parameters: number): string =>
  `${counted(layers, 'layers')}, ${counted(parameters, 'parameters', countText(parameters))}`;
