/** Conversions for what layers have in common in other frameworks: sizes along axes, padding, axes, channel counts. */
import { type Conversion, given, inexpressible, type Site, unstated } from '../../schema/frameworks.ts';
import type { Margins, Pair } from '../attributes.ts';

/** Channels or features of the first input. */
export const channelsOf = ({ inputs: [input] }: Site): number => input[input.length - 1];

/** An axis: 0 is the batch, −1 the last axis. */
export const countedAxis = (name: string, preset?: number): Conversion<number> => ({
  read: (theirs, { wholeTensor }) => {
    const axis = given(theirs, name, preset);
    if (typeof axis !== 'number') return inexpressible;
    return axis < 0 || !wholeTensor ? axis : axis + 1;
  },
  write: (ours) => ({ [name]: ours }),
});

/** Whether there is one number for each channel. The other framework counts the numbers, and 1 means one for all. */
export const perChannel = (name: string): Conversion<boolean> => ({
  read: (theirs) => Number(given(theirs, name, 1)) > 1,
  write: (ours, site) => ({ [name]: ours ? channelsOf(site) : 1 }),
});

/** Whether a tensor has more than one entry; one entry serves all channels. */
export const manyEntries = (tensor: string): Conversion<boolean> => ({
  read: (_theirs, { tensors }) => (tensors[tensor] ?? []).some((size) => size > 1),
  write: () => ({}),
});

/** The number of last axes, where the other framework gives their sizes. */
export const sizesOfLastAxes = (name: string): Conversion<number> => ({
  read: (theirs) => {
    const sizes = theirs[name];
    return Array.isArray(sizes) ? sizes.length : typeof sizes === 'number' ? 1 : inexpressible;
  },
  write: (ours, { inputs: [input] }) => ({ [name]: input.slice(-ours) }),
});

const rankOf = ({ inputs: [input], wholeTensor }: Site): number => input.length + (wholeTensor ? 0 : 1);

/** The number of last axes, where the other framework gives the first of them. */
export const firstOfLastAxes = (name: string, preset: number): Conversion<number> => ({
  read: (theirs, site) => {
    const axis = Number(given(theirs, name, preset));
    return axis < 0 ? -axis : rankOf(site) - axis;
  },
  write: (ours) => ({ [name]: -ours }),
});

/** The number of last axes, where the other framework lists them. */
export const listOfLastAxes = (name: string, preset: number): Conversion<number> => ({
  read: (theirs, site) => {
    const axes = [given(theirs, name, preset)].flat().map(Number);
    const counted = axes.map((axis) => (axis < 0 ? rankOf(site) + axis : axis)).sort((a, b) => a - b);
    const last = counted.every((axis, index) => axis === rankOf(site) - counted.length + index);
    return last ? counted.length : inexpressible;
  },
  write: (ours) => ({ [name]: Array.from({ length: ours }, (_, index) => index - ours) }),
});

/** As many groups as channels, implied by the operator. */
export const everyChannel: Conversion<number> = {
  read: (_theirs, site) => channelsOf(site),
  write: (ours, site) => (ours === channelsOf(site) ? {} : inexpressible),
};

/** An index, or null where Netloom has −1 for none. */
export const indexOrNull = (name: string): Conversion<number> => ({
  read: (theirs) => given(theirs, name, -1),
  write: (ours) => ({ [name]: ours < 0 ? null : ours }),
});

/** Keras has a fused form for images, which keeps the unbiased variance. Its plain form keeps the biased one. */
export const onImages: Conversion<boolean> = {
  ...unstated(),
  read: (_theirs, { inputs: [input] }) => input.length === 3,
};

/** The axes in their new order; 0 is the batch, which stays where it is. If the other framework gives none, it reverses them. */
export const axisOrder = (name: string, without: 'reversed' | 'stated'): Conversion<readonly number[]> => ({
  read: (theirs, site) => {
    const reversed = Array.from({ length: rankOf(site) }, (_, axis) => rankOf(site) - 1 - axis);
    const order = given(theirs, name, without === 'reversed' ? reversed : []);
    if (!Array.isArray(order)) return inexpressible;
    if (site.wholeTensor) return order.map((axis) => Number(axis) + 1);
    return order[0] === 0 ? order.slice(1) : inexpressible;
  },
  write: (ours) => ({ [name]: [0, ...ours] }),
});

const isPair = (value: unknown): value is Pair => Array.isArray(value) && typeof value[0] === 'number';

/** Zeros before and after, along each spatial axis. `flat` means that the pairs are one list, the last axis first. */
export const borders = (name: string, form: 'pairs' | 'flat'): Conversion<Margins> => ({
  read: (theirs, { inputs: [input] }) => {
    const value = given(theirs, name, form === 'pairs' ? 1 : undefined);
    if (typeof value === 'number') return value;
    if (!Array.isArray(value)) return inexpressible;
    const axes = input.length - 1;
    if (form === 'flat')
      return value.length !== 2 * axes
        ? inexpressible
        : axes === 1
          ? value
          : [value.slice(2), value.slice(0, 2)];
    // Two numbers are the two sides of a sequence, or one number for each axis of an image.
    return axes === 2 && isPair(value) ? value.map((side) => [side, side]) : value;
  },
  write: (ours, { inputs: [input] }) => {
    const axes = input.length - 1;
    const pairs: readonly Pair[] =
      typeof ours === 'number'
        ? Array.from({ length: axes }, () => [ours, ours] as const)
        : isPair(ours)
          ? [ours]
          : (ours as readonly Pair[]);
    const listed = pairs.map((pair) => [...pair]);
    return { [name]: form === 'flat' ? listed.reverse().flat() : axes === 1 ? listed[0] : listed };
  },
});
