/** Names for new layers: short, descriptive and unused. */

/** "conv2d" → "conv", "maxPool2d" → "maxPool". */
const stem = (type: string): string => type.replace(/[123]d$/, '') || type;

/** The first unused name for a new layer of a type: "conv1", "conv2", … */
export function freshName(type: string, taken: (name: string) => boolean): string {
  for (let number = 1; ; number++) if (!taken(`${stem(type)}${number}`)) return `${stem(type)}${number}`;
}

/** Whether the name contains only the kind: "relu1". */
export const isFreshName = (name: string, type: string): boolean =>
  name.startsWith(stem(type)) && /^\d+$/.test(name.slice(stem(type).length));

/** For a copy: "conv1" → "conv2", with the next unused number. */
export function copyName(name: string, taken: (name: string) => boolean): string {
  const [, base, digits] = /^(.*?)(\d*)$/.exec(name)!;
  for (let number = Number(digits || 1) + 1; ; number++)
    if (!taken(`${base}${number}`)) return `${base}${number}`;
}
