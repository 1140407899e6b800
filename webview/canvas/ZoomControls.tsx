/** Zoom, fit and direction, at the lower left of the canvas. */
import * as l10n from '@vscode/l10n';
import { Panel, useReactFlow } from 'reactflow';
import { IconButton } from '../controls/IconButton.tsx';
import { canvasControls } from '../model/canvasControls.ts';
import { usePanels } from '../model/panels.ts';

export function ZoomControls() {
  const { zoomIn, zoomOut } = useReactFlow();
  const direction = usePanels((panels) => panels.direction);
  const turn = () => {
    usePanels.setState({ direction: direction === 'down' ? 'right' : 'down' });
    requestAnimationFrame(() => requestAnimationFrame(() => canvasControls.current?.fit()));
  };
  return (
    <Panel position="bottom-left" className="zoom-controls">
      <IconButton icon="zoom-in" title={l10n.t('Zoom in (+)')} onClick={() => void zoomIn()} />
      <IconButton icon="zoom-out" title={l10n.t('Zoom out (−)')} onClick={() => void zoomOut()} />
      <IconButton
        icon="screen-full"
        title={l10n.t('Fit view (1)')}
        onClick={() => canvasControls.current?.fit()}
      />
      <IconButton
        icon={direction === 'down' ? 'arrow-right' : 'arrow-down'}
        title={
          direction === 'down' ? l10n.t('Lay out from left to right') : l10n.t('Lay out from top to bottom')
        }
        onClick={turn}
      />
    </Panel>
  );
}
