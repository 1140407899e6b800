/** Names for new layers: short, descriptive and free. */

/** "conv2d" → "conv", "maxPool2d" → "maxPool". */
const stem = (type: string): string => type.replace(/[123]d$/, '') || type;

export function freshName(type: string, taken: (name: string) => boolean): string {
  for (let number = 1; ; number++) if (!taken(`${stem(type)}${number}`)) return `${stem(type)}${number}`;
}

/** Whether the name says no more than the kind: "relu1". */
export const isFreshName = (name: string, type: string): boolean =>
  name.startsWith(stem(type)) && /^\d+$/.test(name.slice(stem(type).length));

/** For a copy: "conv1" → "conv2", with the next free number. */
export function copyName(name: string, taken: (name: string) => boolean): string {
  const [, base, digits] = /^(.*?)(\d*)$/.exec(name)!;
  for (let number = Number(digits || 1) + 1; ; number++)
    if (!taken(`${base}${number}`)) return `${base}${number}`;
}
