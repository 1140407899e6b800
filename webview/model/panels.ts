/** What the view looks like: panels, direction, viewport. Kept by VS Code while the tab is hidden. */
import { create } from 'zustand';
import type { Direction } from './layout.ts';

export interface Panels {
  readonly direction: Direction;
  readonly viewport: { readonly x: number; readonly y: number; readonly zoom: number } | undefined;
  readonly paletteOpen: boolean;
  readonly inspectorOpen: boolean;
  readonly inspectorWidth: number;
  readonly trainingOpen: boolean;
  readonly trainingHeight: number;
}

export const usePanels = create<Panels>()(() => ({
  direction: 'down',
  viewport: undefined,
  paletteOpen: true,
  inspectorOpen: true,
  inspectorWidth: 300,
  trainingOpen: true,
  trainingHeight: 200,
}));
