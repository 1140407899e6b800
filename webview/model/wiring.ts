/** The stacks of a layout, what they read and their ranks, by index. Worked out once, for all steps of the layout. */
import type { Point } from './geometry.ts';
import { none, type Placeable, type Reads, readsOf } from './placeable.ts';
import { ranksOf } from './ranks.ts';
import { type Chain, chainsOf, type Stack, stackOfChain } from './stacks.ts';

export class Wiring {
  /** The stack of each layer. */
  readonly stackOf: Int32Array;
  #sources: readonly (readonly number[])[] | undefined;
  #ranks: readonly number[] | undefined;

  private constructor(
    readonly layers: readonly Placeable[],
    readonly reads: Reads,
    /** In the order of their heads. */
    readonly stacks: readonly Stack[],
    /** The members of each stack. */
    readonly chains: readonly Chain[],
  ) {
    this.stackOf = new Int32Array(layers.length);
    for (let box = 0; box < chains.length; box++)
      for (let row = 0; row < chains[box].length; row++) this.stackOf[chains[box][row]] = box;
  }

  static of(layers: readonly Placeable[], placed: ReadonlyMap<string, Point>): Wiring {
    const reads = readsOf(layers);
    const chains = chainsOf(layers, reads, placed);
    const stacks = chains.map((chain) => stackOfChain(layers, chain));
    return new Wiring(layers, reads, stacks, chains);
  }

  /** The stacks that each stack reads. */
  get sources(): readonly (readonly number[])[] {
    this.#sources ??= sourcesOf(this);
    return this.#sources;
  }

  /** The rank of each stack. */
  get ranks(): readonly number[] {
    this.#ranks ??= ranksOf(this.sources);
    return this.#ranks;
  }

  without(left: ReadonlySet<Stack>): Wiring {
    if (left.size === 0) return this;
    const isLeft = (box: number) => left.has(this.stacks[box]);
    const indices = new Map<number, number>();
    const layers = this.layers.filter((_, index) => {
      if (isLeft(this.stackOf[index])) return false;
      indices.set(index, indices.size);
      return true;
    });
    const chains = this.chains.filter((_, box) => !isLeft(box));
    return new Wiring(
      layers,
      readsOf(layers),
      this.stacks.filter((stack) => !left.has(stack)),
      chains.map((chain) => chain.map((index) => indices.get(index)!)),
    );
  }
}

/**
 * The stacks that each stack reads. One that has lost its input stays after its predecessor in the text, so that cutting a connection
 * moves nothing.
 */
function sourcesOf({ layers, reads, chains, stackOf }: Wiring): readonly (readonly number[])[] {
  return chains.map((chain, box) => {
    let sources: number[] | undefined;
    for (let row = 0; row < chain.length; row++) {
      const read = reads[chain[row]];
      for (let input = 0; input < read.length; input++) {
        const source = read[input] < 0 ? box : stackOf[read[input]];
        if (source === box) continue;
        // A list of one, which most are, has no room for more.
        if (!sources) sources = [source];
        else if (!sources.includes(source)) sources.push(source);
      }
    }
    if (sources) return sources;
    const [head] = chain;
    return layers[head].takesInput && head > 0 ? [stackOf[head - 1]] : none;
  });
}
