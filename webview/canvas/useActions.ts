/**
 * The functions of the graph's actions. Shortcuts and VS Code's Command Palette request them, and menus call the same functions.
 */
import { useEffect, useMemo } from 'react';
import { canvasControls } from '../model/canvasControls.ts';
import { select, useEditor } from '../model/editor.ts';
import type { EdgeEnd } from '../model/gestures.ts';
import { type GraphHandlers, graphHandlers } from '../model/graphHandlers.ts';
import { useOverlay } from '../model/overlay.ts';
import { usePanels } from '../model/panels.ts';
import { type Arrow, neighbour } from '../model/walking.ts';
import { pickConnection, pickLayerToFind, pickNewLayer, pickReplacement } from '../overlay/pickers.ts';
import {
  bypass,
  clearLayout,
  cut,
  freeze,
  inputsOf,
  openInspector,
  remove,
  removeWithoutJoining,
  rename,
  selectAll,
  writeNote,
} from './actions.ts';
import { align, distribute } from './arranging.ts';
import {
  changeable,
  dissolve,
  enterBlock,
  foldOrUnfold,
  foldOrUnfoldAll,
  leaveBlock,
  makeBlockOf,
} from './blockActions.ts';
import { double } from './copying.ts';

/** The card that has the focus. */
const focused = (): string | undefined =>
  document.activeElement?.closest<HTMLElement>('.react-flow__node')?.dataset.id;

/** The layers to which a shortcut applies: the selection, unless the focus has moved to another card. */
function subject(): readonly string[] {
  const { selection } = useEditor.getState();
  const name = focused();
  return name === undefined || selection.includes(name) ? selection : [name];
}

/** The same for actions that change layers, without the layers in frames. */
const changed = (): readonly string[] => changeable(subject());

function walk(arrow: Arrow): void {
  const { view } = useEditor.getState();
  const controls = canvasControls.current;
  if (!view || !controls) return;
  const [from] = subject();
  const places = controls.places();
  const { direction } = usePanels.getState();
  const to = from === undefined ? view.layers[0]?.name : neighbour(view, places, from, arrow, direction);
  if (to === undefined) return;
  select([to]);
  controls.goTo(to);
}

function connectSubject(): void {
  const { view } = useEditor.getState();
  const [layer, ...others] = changed();
  if (view && layer !== undefined && others.length === 0) pickConnection(view, { layer });
}

/** The step by which a key moves a card. */
const step = 10;

const nudge = (dx: number, dy: number) => canvasControls.current?.nudge(dx * step, dy * step);

/** Moves the focus to the first field of the inspector. */
function enterInspector(): void {
  openInspector();
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('.inspector input, .inspector select')?.focus(),
  );
}

export function useActions(selectedEdges: readonly EdgeEnd[], clearEdges: () => void): void {
  const handlers = useMemo((): GraphHandlers => {
    /** Connections count only while no layer is selected. */
    const edges = () => (useEditor.getState().selection.length === 0 ? selectedEdges : []);
    const addLayer = () => {
      const [edge] = edges();
      const at = canvasControls.current?.pointer();
      if (edge) pickNewLayer({ place: 'edge', edge }, at);
      else if (subject().length > 0) {
        const layers = changed();
        if (layers.length > 0) pickNewLayer({ place: 'after', layers }, at);
      } else if (at)
        pickNewLayer({ place: 'point', position: canvasControls.current!.toGraph(at.x, at.y) }, at);
      else pickNewLayer({ place: 'after', layers: [] });
    };
    return {
      addLayer,
      connectLayer: connectSubject,
      addNote: () => writeNote(changed()[0]),
      duplicateLayers: () => double(changed()),
      renameLayer: () => rename(changed()[0]),
      replaceLayer: () => pickReplacement(changed()),
      openInspector: () => {
        select(subject());
        enterInspector();
      },
      bypassLayers: () => bypass(changed()),
      freezeLayers: () => freeze(changed()),
      makeBlock: () => makeBlockOf(changed()),
      dissolveBlock: () => dissolve(changed()[0]),
      enterBlock: () => enterBlock(subject()[0]),
      leaveBlock: () => leaveBlock(),
      unfoldBlock: () => foldOrUnfold(subject()[0]),
      unfoldAllBlocks: foldOrUnfoldAll,
      disconnectLayers: () => cut(edges().length > 0 ? edges() : inputsOf(changed())),
      deleteLayers: () => (edges().length > 0 ? cut(edges()) : remove(changed())),
      deleteWithoutJoining: () => (edges().length > 0 ? cut(edges()) : removeWithoutJoining(changed())),
      selectAll,
      selectNone: () => {
        if (subject().length === 0 && edges().length === 0) {
          leaveBlock();
          return;
        }
        select([]);
        clearEdges();
        // A card that keeps the focus would still be what keys apply to, although nothing looks selected.
        if (focused() !== undefined) canvasControls.current?.focus();
      },
      findLayer: pickLayerToFind,
      walkUp: () => walk('up'),
      walkDown: () => walk('down'),
      walkLeft: () => walk('left'),
      walkRight: () => walk('right'),
      moveUp: () => nudge(0, -1),
      moveDown: () => nudge(0, 1),
      moveLeft: () => nudge(-1, 0),
      moveRight: () => nudge(1, 0),
      alignLeft: () => align(0, 0),
      alignCentre: () => align(0, 0.5),
      alignRight: () => align(0, 1),
      alignTop: () => align(1, 0),
      alignMiddle: () => align(1, 0.5),
      alignBottom: () => align(1, 1),
      distributeAcross: () => distribute(0),
      distributeDown: () => distribute(1),
      autoLayout: clearLayout,
      fitView: () => canvasControls.current?.fit(),
      fitSelection: () => canvasControls.current?.fitLayers(subject()),
      zoomActual: () => canvasControls.current?.zoomTo(1),
      zoomIn: () => canvasControls.current?.zoomBy(1.2),
      zoomOut: () => canvasControls.current?.zoomBy(1 / 1.2),
      showLayerTable: () => useOverlay.setState({ tableShown: true }),
      showKeys: () => useOverlay.setState({ keysShown: true }),
    };
  }, [selectedEdges, clearEdges]);
  useEffect(() => {
    graphHandlers.current = handlers;
    return () => {
      graphHandlers.current = undefined;
    };
  }, [handlers]);
}
