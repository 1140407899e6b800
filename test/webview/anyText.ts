/** Random networks, written in random styles, with comments in all places. Each comment has a number of its own. */
import { Random } from '../../engine/kernels/random.ts';
import type { Json } from '../../engine/schema/attributes.ts';

export class Draw {
  readonly #random: Random;
  constructor(seed: number) {
    this.#random = new Random(seed);
  }
  below = (count: number): number => this.#random.below(count);
  chance = (share: number): boolean => this.#random.uniform() < share;
  one = <T>(all: readonly T[]): T => all[this.below(all.length)];
  some = <T>(all: readonly T[], share = 0.4): T[] => all.filter(() => this.chance(share));
}

type Entries = { readonly [name: string]: Json };

/** How a person writes. */
interface Style {
  readonly unit: string;
  readonly endOfLine: string;
  readonly spread: boolean;
  readonly lastComma: boolean;
  readonly commaFirst: boolean;
  readonly colon: string;
  readonly column: number;
  /** Shares of the places that have a comment, of layers that are written in several lines, and of lines with a blank line above. */
  readonly comments: number;
  readonly inLines: number;
  readonly blank: number;
}

const styleOf = (draw: Draw): Style => ({
  unit: draw.one(['  ', '    ', '\t']),
  endOfLine: draw.one(['\n', '\n', '\r\n']),
  spread: draw.chance(0.85),
  lastComma: draw.chance(0.2),
  commaFirst: draw.chance(0.1),
  colon: draw.one([': ', ': ', ': ', ':', ' : ']),
  column: draw.one([0, 0, 12]),
  comments: draw.one([0, 0.1, 0.3]),
  inLines: draw.one([0, 0.2, 1]),
  blank: draw.one([0, 0, 0.2]),
});

class Writer {
  #count = 0;
  constructor(
    readonly draw: Draw,
    readonly style: Style,
  ) {}

  network(sections: Entries): string {
    const { endOfLine, spread } = this.style;
    const start = spread && this.#commented() ? `${this.#line()}${endOfLine}` : '';
    const entries = Object.entries(sections).map(([name, value]): [string, string] => [
      name,
      this.#section(name, value),
    ]);
    return `${start}${this.#object(entries, 0, spread)}${this.draw.chance(0.8) ? endOfLine : ''}`;
  }

  #section(name: string, value: Json): string {
    const { spread } = this.style;
    if (typeof value !== 'object' || value === null) return this.#value(value, 1);
    const own = Object.entries(value).map(([key, one]): [string, string] => [
      key,
      name === 'blocks'
        ? this.#object(this.#layers(one as Entries, 3), 2, spread)
        : this.#value(one, 2, name === 'layers' && this.draw.chance(this.style.inLines)),
    ]);
    return this.#object(own, 1, spread);
  }

  #layers = (layers: Entries, depth: number): [string, string][] =>
    Object.entries(layers).map(([name, layer]) => [
      name,
      this.#value(layer, depth, this.draw.chance(this.style.inLines)),
    ]);

  #value(value: Json, depth: number, inLines = false): string {
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#value(item, depth + 1));
      return `[${items.join(this.#commented() ? `, ${this.#block()} ` : ', ')}]`;
    }
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const entries = Object.entries(value).map(([key, one]): [string, string] => [
      key,
      this.#value(one, depth + 1),
    ]);
    return this.#object(entries, depth, inLines && this.style.spread);
  }

  #object(entries: readonly (readonly [string, string])[], depth: number, inLines: boolean): string {
    const { endOfLine, unit, lastComma, commaFirst, colon, column, blank } = this.style;
    const line = (indent: number) => (inLines ? endOfLine + unit.repeat(indent) : ' ');
    if (entries.length === 0) return inLines && this.draw.chance(0.3) ? `{${line(depth)}}` : '{}';
    const inner = line(depth + 1);
    const items = entries.map(([key, value], index) => {
      const first = commaFirst && inLines && index > 0 ? ', ' : '';
      const isLast = index === entries.length - 1;
      const comma = (commaFirst && inLines) || (isLast && !lastComma) ? '' : ',';
      const gap = inLines && this.draw.chance(blank) ? endOfLine : '';
      const above = this.#commented()
        ? (inLines ? inner : ' ') + (inLines ? this.#line() : this.#block())
        : '';
      const name = `${JSON.stringify(key)}${colon}`.padEnd(inLines ? column : 0);
      const before = this.#commented(0.2) ? `${this.#block()} ` : '';
      const within = this.#commented(0.2) ? ` ${this.#block()}` : '';
      // After a last comma on the same line, it would belong to whatever is added there.
      const behind =
        (inLines || !isLast || !lastComma) && this.#commented()
          ? ` ${inLines ? this.#line() : this.#block()}`
          : '';
      return `${gap}${above}${inner}${first}${name}${before}${value}${within}${comma}${behind}`;
    });
    return `{${items.join('')}${line(depth)}}`;
  }

  #commented = (share = 1): boolean => this.draw.chance(this.style.comments * share);
  #line = (): string => (this.draw.chance(0.7) ? `// c${this.#count++}.` : this.#block());
  #block = (): string => `/* c${this.#count++}. */`;
}

const names = ['a', 'bb', 'c_3', 'd-d-d', 'ü', 'conv1', 'relu1', 'dense2', 'block1', 'out', 'left', 'right'];

/** A layer that reads what is there, or, in a faulty network, anything. */
function layerOf(draw: Draw, before: readonly string[], uses: readonly Json[]): Entries {
  const read = (): string =>
    before.length > 0 && draw.chance(0.9)
      ? draw.chance(0.6)
        ? before.at(-1)!
        : draw.one(before)
      : draw.one(names);
  const several = () => [
    read(),
    ...(draw.chance(0.8) ? [read()] : []),
    ...(draw.chance(0.2) ? [read()] : []),
  ];
  const common = {
    ...(draw.chance(0.1) ? { l2: 0.01 } : {}),
    ...(draw.chance(0.1) ? { trainable: false } : {}),
    ...(draw.chance(0.1) ? { bypass: true } : {}),
    ...(draw.chance(0.1) && before.length > 0 ? { shares: draw.one(before) } : {}),
  };
  const source = { from: draw.chance(0.1) ? [read()] : read() };
  const own = draw.one<Entries>([
    { type: 'dense', ...source, units: 1 + draw.below(9) },
    { type: 'dense', units: 3, ...source },
    { type: 'relu', ...source },
    { type: 'dropout', ...source, rate: 0.2 },
    { type: 'layerNorm', ...source },
    { type: 'add', from: several() },
    { type: 'concat', from: several() },
    { type: 'lstm', ...source, hiddenSize: 4, returnSequences: draw.chance(0.5) },
    { type: 'input', shape: draw.one([[4], [5, 4]]) },
    { type: draw.one(['conv2d', 'unknown']), ...source, filters: 2, kernelSize: [3, 1] },
    ...uses.map((use) => ({ ...(use as Entries), ...source })),
  ]);
  return { ...own, ...common };
}

function layersOf(draw: Draw, count: number, uses: readonly Json[], first: Entries, last?: Entries): Entries {
  const layers: { [name: string]: Json } = { ...first };
  for (const name of draw.some(names, count / names.length)) {
    if (Object.hasOwn(layers, name)) continue;
    layers[name] = layerOf(draw, Object.keys(layers), uses);
  }
  const end = Object.keys(layers).at(-1);
  return last && end !== undefined ? { ...layers, last: { ...last, from: end } } : layers;
}

function networkOf(draw: Draw): Entries {
  const uses: { [name: string]: Json }[] = [];
  const blocks: { [name: string]: Json } = {};
  for (const name of draw.some(['cell', 'twice'], 0.5)) {
    const width = draw.chance(0.4) ? { width: { type: 'blockParameter', default: 4 } } : {};
    const open = 'width' in width ? [{ type: 'dense', units: '$width' }] : [];
    blocks[name] = layersOf(
      draw,
      3,
      [...uses, ...open],
      { ...width, in: { type: 'blockInput' } },
      { type: 'blockOutput' },
    );
    uses.push(
      { type: name },
      { type: name, repeat: 2 + draw.below(3), ...(draw.chance(0.5) ? { tied: true } : {}) },
    );
  }
  const layers = layersOf(
    draw,
    6,
    uses,
    draw.chance(0.9) ? { in: { type: 'input', shape: draw.one([[4], [5, 4]]) } } : {},
  );
  const all = [
    ...Object.keys(layers),
    ...Object.entries(blocks).flatMap(([block, parts]) =>
      Object.keys(parts as Entries).map((part) => `${block}/${part}`),
    ),
  ];
  const place = (): Json => [draw.below(900) - 100, draw.below(900) - 100];
  const judged = () => ({ type: 'meanSquaredError', from: draw.one(all) });
  const sections: [string, Json][] = [
    ['format', 1],
    ...(Object.keys(blocks).length > 0 ? [['blocks', blocks] as [string, Json]] : []),
    ['layers', layers],
    ...(all.length > 0 && draw.chance(0.6)
      ? [
          [
            'training',
            { data: 'shapes', loss: draw.chance(0.5) ? judged() : [judged(), judged()], optimizer: 'sgd' },
          ] as [string, Json],
        ]
      : []),
    ...(draw.chance(0.5)
      ? [['layout', Object.fromEntries(draw.some(all, 0.5).map((name) => [name, place()]))] as [string, Json]]
      : []),
  ];
  if (draw.chance(0.1)) sections.reverse();
  return Object.fromEntries(sections);
}

/** One of twenty networks is empty. */
export const anyText = (draw: Draw): string =>
  new Writer(draw, styleOf(draw)).network(draw.below(20) === 0 ? { format: 1, layers: {} } : networkOf(draw));
