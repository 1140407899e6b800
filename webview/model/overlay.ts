/** Temporary elements above the editor: a picker, a menu, a name being typed, a layer being dragged in. */
import { create } from 'zustand';
import type { EdgeEnd } from './gestures.ts';
import type { Searchable } from './layerSearch.ts';

export interface PickerItem {
  readonly id: string;
  readonly label: string;
  /** Names and synonyms by which it is found, in addition to the label. */
  readonly search?: Pick<Searchable, 'names' | 'words'>;
  readonly description: string;
  readonly icon: string;
  /** CSS colour of the icon. */
  readonly colour?: string;
  /** The reason why it cannot be picked. */
  readonly refusal?: string | undefined;
}

export interface Picker {
  readonly title: string;
  readonly items: readonly PickerItem[];
  /** Where to open, in client pixels; centred when absent. */
  readonly at?: { readonly x: number; readonly y: number };
  /** Items that cannot be picked are listed only for a query. */
  readonly fitting?: true;
  pick(id: string): void;
}

export interface MenuItem {
  readonly label: string;
  readonly icon: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  run(): void;
}

export interface Menu {
  readonly at: { readonly x: number; readonly y: number };
  /** Groups are separated by a line. */
  readonly groups: readonly (readonly MenuItem[])[];
}

export interface PaletteDrag {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  /** The target under the pointer. */
  readonly over:
    | { readonly kind: 'nothing' }
    | { readonly kind: 'canvas' }
    /** A card, after which the layer would be added. */
    | { readonly kind: 'card'; readonly layer: string }
    | { readonly kind: 'edge'; readonly edge: EdgeEnd };
}

export interface Overlay {
  readonly picker: Picker | undefined;
  readonly menu: Menu | undefined;
  readonly renaming: string | undefined;
  readonly drag: PaletteDrag | undefined;
  readonly hoveredEdge: string | undefined;
  /** The layer whose note is being edited. */
  readonly notedLayer: string | undefined;
  /** Whether the table of layers is open. */
  readonly tableShown: boolean;
  /** Whether the list of shortcuts is open. */
  readonly keysShown: boolean;
}

export const useOverlay = create<Overlay>()(() => ({
  picker: undefined,
  menu: undefined,
  renaming: undefined,
  drag: undefined,
  hoveredEdge: undefined,
  notedLayer: undefined,
  tableShown: false,
  keysShown: false,
}));

/** Whether a dialog covers the page. */
export const isBehindDialog = ({ tableShown, keysShown }: Overlay): boolean => tableShown || keysShown;
