/** Small networks as text, and a check of the problems of one. */

export const image = '"image": { "type": "input", "shape": [4, 4, 2] }';

export const flat = '"flat": { "type": "flatten", "from": "image" }';

export const out = '"out": { "type": "dense", "from": "flat", "units": 3 }';

export const network = (...layers: string[]): string => `{\n"layers": {\n${layers.join(',\n')}\n}\n}`;
