/** Whether the person prefers reduced motion, in the system or in VS Code. */
export const prefersCalm = (): boolean =>
  matchMedia('(prefers-reduced-motion: reduce)').matches ||
  document.body.classList.contains('vscode-reduce-motion');
