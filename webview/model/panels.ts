/** The state of the view: panels, direction, viewport. VS Code keeps it while the tab is hidden. */
import { create } from 'zustand';
import type { Direction } from './geometry.ts';

export interface Panels {
  readonly direction: Direction;
  readonly viewport: { readonly x: number; readonly y: number; readonly zoom: number } | undefined;
  readonly paletteOpen: boolean;
  readonly inspectorOpen: boolean;
  /** The same for a narrow editor, in which the inspector covers the canvas. */
  readonly inspectorOverlaid: boolean;
  readonly inspectorWidth: number;
  readonly trainingOpen: boolean;
  /** The jobs in progress for which the panel was opened: once hidden, it stays hidden. */
  readonly openedFor: { readonly evaluation: boolean; readonly trial: boolean };
  readonly trainingHeight: number;
  /** Its width beside the graph. */
  readonly trainingWidth: number;
  /** Whether the loss is drawn on a logarithmic scale. */
  readonly logarithmicLoss: boolean;
}

export const usePanels = create<Panels>()(() => ({
  direction: 'down',
  viewport: undefined,
  paletteOpen: true,
  inspectorOpen: true,
  inspectorOverlaid: false,
  inspectorWidth: 300,
  trainingOpen: true,
  openedFor: { evaluation: false, trial: false },
  trainingHeight: 232,
  trainingWidth: 300,
  logarithmicLoss: false,
}));

/** The setting that currently determines whether the inspector is open. */
export const inspectorKey = (narrow: boolean) => (narrow ? 'inspectorOverlaid' : 'inspectorOpen');

/** Opens the training panel for a job that is shown only there, once: a page that is shown again hears of the same job again. */
export function openTrainingFor(job: keyof Panels['openedFor'], inProgress: boolean): void {
  const { openedFor, trainingOpen } = usePanels.getState();
  if (openedFor[job] === inProgress) return;
  usePanels.setState({
    openedFor: { ...openedFor, [job]: inProgress },
    trainingOpen: trainingOpen || inProgress,
  });
}
