/** How long the view takes to move, in milliseconds: 0 for people who prefer reduced motion. */
export const calmly = (): number =>
  matchMedia('(prefers-reduced-motion: reduce)').matches ||
  document.body.classList.contains('vscode-reduce-motion')
    ? 0
    : 200;
