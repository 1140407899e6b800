/** Elements of a page without a framework. Texts are set as text only. */

export function make<N extends keyof HTMLElementTagNameMap>(
  name: N,
  properties: Partial<HTMLElementTagNameMap[N]> = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[N] {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}
