/**
 * The counterpart of a kind in another framework: an operator, and how each attribute is written there. One value is read in both
 * directions: from the framework's attributes to Netloom's, and back.
 */
import type { Attribute, AttributeTable, Json, Values } from './attributes.ts';
import type { Described } from './kind.ts';

export type Framework = 'pytorch' | 'keras' | 'onnx';

/** Attributes under the names of another framework. */
export type ForeignAttributes = { readonly [name: string]: Json };

/** The context of an operator, as far as its attributes depend on it. */
export interface Site {
  /** Shapes of our layer's inputs, without the batch axis. */
  readonly inputs: readonly (readonly number[])[];
  /** Shapes of the tensors of the operator other than its inputs, by name and in the other framework's order of axes. */
  readonly tensors: { readonly [name: string]: readonly number[] };
  /** The operator's whole tensor is one sample of our layer, so that our axes count one more than theirs. */
  readonly wholeTensor?: true;
  /** For schedules: the learning rate that the factor multiplies, and the epochs of the training. */
  readonly training?: { readonly learningRate: number; readonly epochs: number };
}

/** For kinds without a context, e.g. an optimizer. */
export const nowhere: Site = { inputs: [], tensors: {} };

/** A value that the other side cannot express. */
export const inexpressible: unique symbol = Symbol('inexpressible');
export type Inexpressible = typeof inexpressible;

/** How another framework writes one attribute of Netloom, as its reader returns it. `read` undoes `write`. */
export interface Conversion<T> {
  /** The value as a spec states it; undefined where the attribute stays unset. */
  readonly read: (theirs: ForeignAttributes, site: Site) => Json | undefined | Inexpressible;
  /** `all` are all attributes of ours. */
  readonly write: (
    ours: T,
    site: Site,
    all: { readonly [name: string]: unknown },
  ) => ForeignAttributes | Inexpressible;
  /**
   * The operator is created without this value: it does not affect a trained network, or is passed with each call.
   * Reading gives the framework's behaviour without it.
   */
  readonly unstated?: 'irrelevant' | 'call';
}

/** The attributes whose value still matters after parameters exist: all except initializers. */
type Lasting<A extends AttributeTable> = {
  [K in keyof A]: A[K] extends Attribute<Described> ? never : K;
}[keyof A];

/** A conversion for each attribute of ours; a name alone is the same value under that name. */
export type Conversions<A extends AttributeTable> = {
  readonly [K in Lasting<A>]: string | Conversion<Values<A>[K]>;
};

/** An operator of another framework that computes the same as a kind. */
export type Counterpart<A extends AttributeTable> = {
  /** The operator: a class of `torch.nn`, `torch.optim` or `keras.layers`, or an ONNX operator. */
  readonly name: string;
  /** The same as a function, e.g. in `torch.nn.functional`. */
  readonly functional?: string;
  /** Attributes of the operator that we support only if absent or with this value. */
  readonly fixed?: ForeignAttributes;
  /** Like `fixed`, if that value is not the default of the other framework, so that it must be stated. */
  readonly required?: ForeignAttributes;
  /** Whether we support these attributes, for conditions that a fixed value cannot express. */
  readonly accepts?: (theirs: ForeignAttributes) => boolean;
} & (Record<never, never> extends Conversions<A>
  ? { readonly attributes?: Conversions<A> }
  : { readonly attributes: Conversions<A> });

/** The counterparts in each framework. If there are several, the first that can express a kind is written. */
export type Frameworks<C> = { readonly [F in Framework]?: C | readonly C[] };

/** The counterparts in one framework, as a list; empty if there are none. */
export function counterpartsOf<C>(frameworks: Frameworks<C> | undefined, framework: Framework): readonly C[] {
  const found = frameworks?.[framework];
  return found === undefined ? [] : Array.isArray(found) ? found : [found as C];
}

const asConversion = (given: string | Conversion<unknown>): Conversion<unknown> =>
  typeof given === 'string' ? as(given) : given;

type Erased = Pick<Counterpart<AttributeTable>, 'fixed' | 'required' | 'accepts'> & {
  readonly attributes?: object;
};

const conversionsOf = ({ attributes = {} }: Erased): [string, Conversion<unknown>][] =>
  Object.entries(attributes).map(([name, given]) => [name, asConversion(given)]);

/** Netloom's attributes, as a spec states them, from the other framework's; undefined if they cannot be expressed. */
export function readAttributesOf(
  counterpart: Erased,
  theirs: ForeignAttributes,
  site: Site,
): { readonly [name: string]: Json } | undefined {
  for (const [name, value] of Object.entries(counterpart.fixed ?? {}))
    if (JSON.stringify(given(theirs, name, value)) !== JSON.stringify(value)) return undefined;
  for (const [name, value] of Object.entries(counterpart.required ?? {}))
    if (JSON.stringify(theirs[name]) !== JSON.stringify(value)) return undefined;
  if (counterpart.accepts?.(theirs) === false) return undefined;
  const ours: { [name: string]: Json } = {};
  for (const [name, conversion] of conversionsOf(counterpart)) {
    const value = conversion.read(theirs, site);
    if (value === inexpressible) return undefined;
    if (value !== undefined) ours[name] = value;
  }
  return ours;
}

/** The other framework's attributes, or the names of Netloom's attributes that it cannot express. */
export function writeAttributesOf(
  counterpart: Erased,
  ours: { readonly [name: string]: unknown },
  site: Site,
): { readonly attributes: ForeignAttributes } | { readonly inexpressible: readonly string[] } {
  const theirs: { [name: string]: Json } = { ...counterpart.fixed, ...counterpart.required };
  const missing: string[] = [];
  for (const [name, conversion] of conversionsOf(counterpart)) {
    const written = conversion.write(ours[name], site, ours);
    if (written === inexpressible) missing.push(name);
    else Object.assign(theirs, written);
  }
  return missing.length > 0 ? { inexpressible: missing } : { attributes: theirs };
}

/** The value in the other framework, or its default if the value is absent. PyTorch writes null for "none". */
export const given = (theirs: ForeignAttributes, name: string, preset?: Json): Json | undefined =>
  theirs[name] ?? preset;

/** The same value under another name. `preset` is the default there; without one, the value must be stated. */
export const as = (name: string, preset?: Json): Conversion<unknown> => ({
  read: (theirs) => given(theirs, name, preset) ?? inexpressible,
  write: (ours) => (ours === undefined ? inexpressible : { [name]: ours as Json }),
});

/** 1 − value: Netloom has the weight of the old value, the other framework that of the new one. */
export const complement = (name: string, preset?: number): Conversion<number> => ({
  read: (theirs) => {
    const value = given(theirs, name, preset);
    return typeof value === 'number' ? 1 - value : inexpressible;
  },
  write: (ours) => ({ [name]: 1 - ours }),
});

/** Two attributes that the other framework states as one list. */
export function pairOf<const A extends string, const B extends string>(
  name: string,
  first: A,
  second: B,
  presets: readonly [number, number],
): { readonly [K in A | B]: Conversion<number> } {
  const entry = (index: 0 | 1): Conversion<number> => ({
    read: (theirs) => {
      const values = given(theirs, name, [...presets]);
      return Array.isArray(values) ? values[index] : inexpressible;
    },
    // Either writes both, so that the order does not matter.
    write: (_ours, _site, all) => ({ [name]: [all[first] as number, all[second] as number] }),
  });
  return { [first]: entry(0), [second]: entry(1) } as { readonly [K in A | B]: Conversion<number> };
}

/** A list that the other framework omits if it is empty. */
export const listOrNull = (name: string): Conversion<readonly number[]> => ({
  read: (theirs) => given(theirs, name, []),
  write: (ours) => ({ [name]: ours.length === 0 ? null : [...ours] }),
});

/** A value there for each value here, in pairs [ours, theirs]. */
export const choice = <const T extends Json>(
  name: string,
  pairs: readonly (readonly [ours: T, theirs: Json])[],
  preset?: Json,
): Conversion<T> => ({
  read: (theirs) => {
    const value = given(theirs, name, preset);
    const pair = pairs.find(([, one]) => one === value);
    return pair ? pair[0] : inexpressible;
  },
  write: (ours) => {
    const pair = pairs.find(([one]) => one === ours);
    return pair ? { [name]: pair[1] } : inexpressible;
  },
});

/** True and false as 1 and 0, in which ONNX writes them. */
export const flag = (name: string, preset: boolean): Conversion<boolean> =>
  choice(
    name,
    [
      [true, 1],
      [false, 0],
    ],
    preset ? 1 : 0,
  );

/** The other framework has only this value. */
export const only = (value: Json): Conversion<unknown> => ({
  read: () => value,
  write: (ours) => (JSON.stringify(ours) === JSON.stringify(value) ? {} : inexpressible),
});

/**
 * The other framework does not state it, and it makes no difference to what a trained network computes, such as how parameters
 * start. `reading` is the behaviour of the other framework.
 */
export const unstated = (reading?: Json): Conversion<unknown> => ({
  read: () => reading,
  write: () => ({}),
  unstated: 'irrelevant',
});

/** The other framework states it with each call, such as a mask. Reading gives the behaviour of a call without it. */
export const statedByCall = (reading: Json): Conversion<unknown> => ({
  ...unstated(reading),
  unstated: 'call',
});

/** True if the operator has this tensor, with `rank` axes if that is given. */
export const whereGiven = (tensor: string, rank?: number): Conversion<boolean> => ({
  read: (_theirs, { tensors: { [tensor]: shape } }) => {
    if (shape !== undefined && rank !== undefined && shape.length !== rank) return inexpressible;
    return shape !== undefined;
  },
  write: () => ({}),
});

/** The size of an axis of a tensor with `rank` axes, which the other framework does not state otherwise. */
export const sizeOfAxis = (tensor: string, axis: number, rank: number): Conversion<number> => ({
  read: (_theirs, { tensors: { [tensor]: shape } }) => (shape?.length === rank ? shape[axis] : inexpressible),
  write: () => ({}),
});
