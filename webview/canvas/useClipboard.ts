/** Copies, cuts and pastes layers as text of the spec, and keeps Select All from the words of the page. */
import { useEffect } from 'react';
import { isField } from '../controls/fieldKeys.ts';
import { useEditor } from '../model/editor.ts';
import { remove } from './actions.ts';
import { copyOf, pasteText } from './copying.ts';

/**
 * Copy, cut and paste through the browser's events, because VS Code handles these keys itself and then asks the page.
 * Without the "before" events it would find nothing to copy when no text is selected.
 */
export function useClipboard(): void {
  useEffect(() => {
    const outside = (event: Event) => isField(event.target) || isField(document.activeElement);
    // Text that is selected elsewhere stays selected when a person goes on to work in the graph, and then means nothing.
    const textChosen = () =>
      !document.activeElement?.closest('.canvas') && Boolean(window.getSelection()?.toString());
    const allow = (event: Event) => {
      if (!outside(event) && !textChosen()) event.preventDefault();
    };
    const copy = (event: ClipboardEvent) => {
      const text = copyOf(useEditor.getState().selection);
      if (outside(event) || textChosen() || text === '') return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      if (event.type === 'cut') remove(useEditor.getState().selection);
    };
    const insert = (event: ClipboardEvent) => {
      if (outside(event)) return;
      event.preventDefault();
      pasteText(event.clipboardData?.getData('text/plain') ?? '');
    };
    // Select All outside of a field would select the words of the whole page; its event comes from the body.
    const selectAll = (event: Event) => {
      if (event.target === document.body) event.preventDefault();
    };
    const listening = new AbortController();
    const { signal } = listening;
    for (const name of ['beforecopy', 'beforecut', 'beforepaste'])
      document.addEventListener(name, allow, { signal });
    document.addEventListener('selectstart', selectAll, { signal });
    document.addEventListener('copy', copy, { signal });
    document.addEventListener('cut', copy, { signal });
    document.addEventListener('paste', insert, { signal });
    return () => listening.abort();
  }, []);
}
