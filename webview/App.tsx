/** The whole editor: tool bar, palette, canvas, inspector, training panel, and the overlays above them. */
import * as l10n from '@vscode/l10n';
import { useEffect, useRef } from 'react';
import { Canvas } from './canvas/Canvas.tsx';
import { Trail } from './canvas/Trail.tsx';
import { loadWaiting, onDemand } from './controls/onDemand.tsx';
import { Inspector } from './inspector/Inspector.tsx';
import { isEditable, useEditor } from './model/editor.ts';
import { usePanels } from './model/panels.ts';
import { Ghost } from './palette/Ghost.tsx';
import { Palette } from './palette/Palette.tsx';
import { useNarrow } from './theme/useNarrow.ts';
import { useRoom } from './theme/useRoom.ts';
import { Banners } from './toolbar/Banners.tsx';
import { Toolbar } from './toolbar/Toolbar.tsx';
import { useBroken } from './toolbar/useBroken.ts';
import { ReplayMarkOfGraph, TrainingPanel } from './training/TrainingPanel.tsx';

/** No place is reserved for overlays: they cover the page or are absent. */
const Overlays = onDemand(
  () => import('./overlay/Overlays.tsx'),
  ({ Overlays }) => Overlays,
  '',
);
/** Loaded on demand, because few networks are empty. */
const EmptyState = onDemand(
  () => import('./canvas/EmptyState.tsx'),
  ({ EmptyState }) => EmptyState,
  'empty-state',
);

export function App() {
  useEffect(loadWaiting, []);
  const narrow = useNarrow();
  // Opened over the graph of a narrow editor, it would cover the next one, too.
  useEffect(() => {
    if (!narrow) usePanels.setState({ inspectorOverlaid: false });
  }, [narrow]);
  const broken = useBroken() !== undefined;
  return (
    <main
      className={`editor ${narrow ? 'narrow' : ''} ${broken ? 'broken' : ''}`}
      // A selection that the browser begins to drag takes the pointer away from a slider or a card in it.
      onDragStart={(event) => event.preventDefault()}
    >
      <h1 className="heard">{l10n.t('Network')}</h1>
      <Toolbar />
      <Banners />
      <div className="workbench">
        <Palette narrow={narrow} />
        <Stage />
        <Inspector />
      </div>
      <Overlays />
      <Ghost />
    </main>
  );
}

/**
 * Where the curves are shown beside the graph, which then gets the full height: in a wide editor, and in a low one, where little of
 * the graph would be left above them.
 */
const isForTwo = (width: number, height: number): boolean =>
  width >= 820 || (height < 500 && width >= 640) || (height < 400 && width >= 520);

function Stage() {
  const stage = useRef<HTMLDivElement>(null);
  const wide = useRoom(stage, isForTwo);
  const empty = useEditor((state) => isEditable(state) && state.view?.layers.length === 0);
  return (
    <div ref={stage} className={`stage ${wide ? 'wide' : ''}`}>
      <div className="stage-canvas">
        <Canvas />
        <Trail />
        {empty && <EmptyState />}
        <ReplayMarkOfGraph />
      </div>
      <TrainingPanel beside={wide} />
    </div>
  );
}
