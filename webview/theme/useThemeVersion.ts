/** Increases when VS Code changes the colour theme, for drawings on a canvas element, which do not follow it automatically. */
import { useSyncExternalStore } from 'react';

let version = 0;
const listeners = new Set<() => void>();

const observer = new MutationObserver(() => {
  version++;
  for (const listener of listeners) listener();
});
observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The same number for everyone who asks under one theme. */
export const useThemeVersion = (): number => useSyncExternalStore(subscribe, () => version);
