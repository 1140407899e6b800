/** How long the view takes to move, in milliseconds: no time for people who want less motion. */
export const calmly = (): number =>
  matchMedia('(prefers-reduced-motion: reduce)').matches ||
  document.body.classList.contains('vscode-reduce-motion')
    ? 0
    : 200;
