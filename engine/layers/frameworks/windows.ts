/** How other frameworks write the windows of convolutions and poolings: sizes along the spatial axes, and padding. */
import { windowAlong } from '../../kernels/window.ts';
import type { Json } from '../../schema/attributes.ts';
import {
  type Conversion,
  type ForeignAttributes,
  given,
  type Inexpressible,
  inexpressible,
  type Site,
} from '../../schema/frameworks.ts';
import type { Padding1d, Padding2d, Pair } from '../attributes.ts';

type Sizes = number | readonly number[];
type Padding = Padding1d | Padding2d;

const listed = (sizes: Sizes): number[] => (typeof sizes === 'number' ? [sizes] : [...sizes]);

/** Axes of one sample without its channels. */
const spatialAxes = ({ inputs: [input] }: Site): number => input.length - 1;

/** A number for every spatial axis, or one for all. */
function readSizes(value: Json | undefined, site: Site): Json | Inexpressible {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value) || value.length !== spatialAxes(site)) return inexpressible;
  return value.length === 1 ? value[0] : value;
}

/** A number for every spatial axis. `preset` is their default. */
export const sizes = (name: string, preset?: number): Conversion<Sizes> => ({
  read: (theirs, site) => readSizes(given(theirs, name, preset), site),
  write: (ours) => ({ [name]: listed(ours) }),
});

/** The window, which may follow from the shape of the kernel [outputs, inputs, …]. */
export const kernelShape = (name: string, kernel: string): Conversion<Sizes> => ({
  read: (theirs, site) => readSizes(given(theirs, name, site.tensors[kernel]?.slice(2)), site),
  write: (ours) => ({ [name]: listed(ours) }),
});

/** The stride of a pooling. If it is not set, it is the window in Netloom, and the window or 1 in other frameworks. */
export const poolStride = (name: string, absent: 'window' | 1): Conversion<Sizes | undefined> => ({
  read: (theirs, site) => {
    const value = given(theirs, name, absent === 1 ? 1 : undefined);
    return value === undefined ? undefined : readSizes(value, site);
  },
  write: (ours, _site, { poolSize }) =>
    ours !== undefined
      ? { [name]: listed(ours) }
      : absent === 'window'
        ? {}
        : { [name]: listed(poolSize as Sizes) },
});

/** The other framework has no dilation. */
export const undilated: Conversion<Sizes> = {
  read: () => 1,
  write: (ours) => (listed(ours).every((size) => size === 1) ? {} : inexpressible),
};

/** Windows that divide the input evenly, given as the size of the output. */
export const evenWindows = (name: string): Conversion<Sizes> => ({
  read: (theirs, site) => {
    const counts = readSizes(theirs[name], site);
    if (counts === inexpressible) return inexpressible;
    const input = site.inputs[0].slice(0, -1);
    const windows = input.map((size, axis) => size / Number(Array.isArray(counts) ? counts[axis] : counts));
    return windows.every(Number.isInteger) ? readSizes(windows, site) : inexpressible;
  },
  write: (ours, { inputs: [input] }) => {
    const counts = listed(ours).map((size, axis) => input[axis] / size);
    return counts.every(Number.isInteger) ? { [name]: counts } : inexpressible;
  },
});

/** Pairs of padding sizes as a spec writes them. */
export const paddingOf = (pairs: readonly Pair[]): Json => {
  if (pairs.flat().every((size) => size === 0)) return 'valid';
  return pairs.length === 1 ? [...pairs[0]] : pairs.map((pair) => [...pair]);
};

const isPair = (padding: Pair | readonly [Pair, Pair]): padding is Pair => typeof padding[0] === 'number';

const pairsOf = (padding: Exclude<Padding, string>): readonly Pair[] =>
  isPair(padding) ? [padding] : padding;

/** The same number before and after each axis. With `words` "same", the framework also has that word, where windows move by 1. */
export const symmetricPadding = (name: string, words: 'same' | 'none'): Conversion<Padding> => ({
  read: (theirs, site) => {
    const value = given(theirs, name, 0);
    if (typeof value === 'string') return words === 'same' ? value : inexpressible;
    const margins =
      typeof value === 'number' ? Array.from({ length: spatialAxes(site) }, () => value) : value;
    return Array.isArray(margins)
      ? paddingOf(margins.map((size): Pair => [Number(size), Number(size)]))
      : inexpressible;
  },
  write: (ours, site, { stride, poolSize }) => {
    if (ours === 'valid') return { [name]: Array.from({ length: spatialAxes(site) }, () => 0) };
    const slow = listed((stride ?? 0) as Sizes).every((size) => size === 1);
    if (typeof ours === 'string')
      return ours === 'same' && words === 'same' && slow ? { [name]: ours } : inexpressible;
    const pairs = pairsOf(ours);
    // PyTorch's pooling layers refuse more than half a window.
    const widest =
      poolSize === undefined ? pairs.map(() => Number.POSITIVE_INFINITY) : listed(poolSize as Sizes);
    return pairs.every(([before, after], axis) => before === after && 2 * before <= widest[axis])
      ? { [name]: pairs.map(([before]) => before) }
      : inexpressible;
  },
});

/** Only the words "same" and "valid". */
export const wordPadding = (name: string): Conversion<Padding> => ({
  read: (theirs) => given(theirs, name, 'valid'),
  write: (ours) => (typeof ours === 'string' ? { [name]: ours } : inexpressible),
});

/** The ONNX attributes of a window, one number for each axis. If the kernel's shape is not given, it is that of `kernel`. */
export function onnxWindow(theirs: ForeignAttributes, site: Site, kernel: string) {
  const axes = spatialAxes(site);
  const each = (name: string, preset: number): number[] =>
    listed((theirs[name] ?? Array.from({ length: axes }, () => preset)) as Sizes);
  return {
    input: site.inputs[0].slice(0, -1),
    kernel: theirs.kernel_shape
      ? listed(theirs.kernel_shape as Sizes)
      : (site.tensors[kernel] ?? []).slice(2),
    stride: each('strides', 1),
    dilation: each('dilations', 1),
    pads: (theirs.pads as number[] | undefined) ?? Array.from({ length: 2 * axes }, () => 0),
  };
}

/**
 * ONNX's `pads`, all before and then all after, or its `auto_pad`. SAME_LOWER puts the odd cell before the input, Netloom after
 * it.
 */
export const onnxPadding = (kernel = ''): Conversion<Padding> => ({
  read: (theirs, site) => {
    if (theirs.auto_pad === 'SAME_UPPER') return 'same';
    if (theirs.auto_pad === 'VALID') return 'valid';
    const window = onnxWindow(theirs, site, kernel);
    return paddingOf(
      window.input.map((input, i): Pair => {
        if (theirs.auto_pad !== 'SAME_LOWER') return [window.pads[i], window.pads[i + window.input.length]];
        const along = {
          input,
          kernel: window.kernel[i],
          stride: window.stride[i],
          dilation: window.dilation[i],
        };
        const { before, after } = windowAlong({ ...along, padding: 'same' });
        return [after, before];
      }),
    );
  },
  write: (ours, _site, { kernelSize, poolSize, dilation }) => {
    if (ours === 'valid') return {};
    if (ours === 'same') return { auto_pad: 'SAME_UPPER' };
    if (ours === 'causal')
      return { pads: [(((kernelSize ?? poolSize) as number) - 1) * (dilation as number), 0] };
    const pairs = pairsOf(ours);
    return { pads: [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)] };
  },
});
