/** Names of kinds and attributes in other frameworks, which people type too. */
import type { Kind, KindSet } from '../../schema/attributes.ts';
import { counterpartsOf, type Framework, type Frameworks } from '../../schema/frameworks.ts';
import { nearest } from '../../schema/nearest.ts';

interface Counterpart {
  readonly name: string;
  readonly functional?: string;
  readonly attributes?: { readonly [ours: string]: unknown };
}

const counterparts = (kind: Kind): readonly Counterpart[] => {
  const { frameworks } = kind as Kind & { readonly frameworks?: Frameworks<Counterpart> };
  const names = Object.keys(frameworks ?? {}) as Framework[];
  return names.flatMap((framework) => counterpartsOf(frameworks, framework));
};

/** "conv_2D" and "Conv2d" are the same word. */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * The types that may be meant, the most likely first: a mistyped name, a name in another framework, or a part of one type's name.
 */
export function typesMeant(kinds: KindSet, typed: string): readonly Kind[] {
  const wanted = bare(typed);
  if (wanted === '') return [];
  const all = [...kinds];
  const near = nearest(typed, kinds.types);
  const found = [
    all.find(({ type, label }) => bare(type) === wanted || bare(label) === wanted),
    near === undefined ? undefined : kinds.find(near),
    all.find((kind) =>
      counterparts(kind).some(({ name, functional }) =>
        [name, functional].some((one) => one !== undefined && bare(one) === wanted),
      ),
    ),
    wanted.length < 4 ? undefined : all.find(({ type }) => bare(type).includes(wanted)),
  ];
  return found.filter((kind) => kind !== undefined);
}

/** The attribute that was meant, of those in `known`. */
export function attributeMeant(
  kind: Kind | undefined,
  known: readonly string[],
  typed: string,
): string | undefined {
  const wanted = bare(typed);
  const same = known.find((name) => bare(name) === wanted);
  const foreign = kind && foreignAttribute(kind, known, wanted);
  return same ?? nearest(typed, known) ?? foreign ?? initialsOf(known, wanted);
}

function foreignAttribute(kind: Kind, known: readonly string[], wanted: string): string | undefined {
  for (const { attributes = {} } of counterparts(kind))
    for (const [ours, theirs] of Object.entries(attributes))
      if (typeof theirs === 'string' && bare(theirs) === wanted && known.includes(ours)) return ours;
  return undefined;
}

/** "lr" for learningRate. */
const initialsOf = (known: readonly string[], wanted: string): string | undefined =>
  wanted.length < 2
    ? undefined
    : known.find(
        (name) =>
          bare(
            name
              .split(/(?=[A-Z])/)
              .map(([first]) => first)
              .join(''),
          ) === wanted,
      );
