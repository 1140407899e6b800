/** The findings that a page of the reference explains, as the extension host says; a run of a newer version may have others. */
import { create } from 'zustand';

export const useFindingPages = create<{ readonly codes: ReadonlySet<string> }>()(() => ({
  codes: new Set(),
}));
