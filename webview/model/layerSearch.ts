/** Finds a kind of layer, or a layer, by the words that people use for it. */
import type { LayerDefinition } from '../../engine/layers/define.ts';

/** The fields that are searched, and the weight of a match in each. */
export interface Searchable {
  /** Names: the label, and the type or name in the text. */
  readonly names: readonly string[];
  /** Other words for it. */
  readonly words?: readonly string[];
  /** The detail shown beside it. */
  readonly description?: string;
}

/** The names that other frameworks have for a kind: "Linear", "Gemm". */
function foreignNames({ frameworks = {} }: LayerDefinition): string[] {
  return Object.values(frameworks)
    .flat()
    .flatMap((counterpart) => (counterpart ? [(counterpart as { readonly name: string }).name] : []));
}

/** "conv2d" and "Convolution 2D" with their synonyms. */
export const searchableKind = (definition: LayerDefinition, description: string): Searchable => ({
  names: [definition.label, definition.type],
  words: [...(definition.synonyms ?? []), ...foreignNames(definition)],
  description,
});

const beginsWord = (text: string, query: string): boolean => ` ${text}`.includes(` ${query}`);

/** Without capitals. A shape is shown as 28×28×8, and people type 28x28x8. */
const plain = (text: string): string => text.toLowerCase().replaceAll('×', 'x');

/**
 * How well a query matches: smaller is better, undefined is no match. All its words must occur. A name beats a synonym,
 * a whole word beats a part, the beginning of a word beats its middle.
 */
export function rank({ names, words = [], description = '' }: Searchable, query: string): number | undefined {
  const wanted = plain(query).trim().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return 0;
  const lower = (texts: readonly string[]) => texts.map(plain);
  const [shown, others] = [lower(names), lower(words)];
  const all = [...shown, ...others, plain(description)].join(' ');
  if (!wanted.every((word) => all.includes(word))) return undefined;
  const whole = wanted.join(' ');
  const tests: readonly boolean[] = [
    shown.includes(whole),
    others.includes(whole),
    shown.some((text) => text.startsWith(whole)),
    others.some((text) => text.startsWith(whole)),
    shown.some((text) => beginsWord(text, wanted[0])),
    others.some((text) => beginsWord(text, wanted[0])),
    shown.some((text) => text.includes(wanted[0])),
  ];
  const first = tests.indexOf(true);
  return first < 0 ? tests.length : first;
}

/** The matches, best first, otherwise in their order. */
export function search<T>(items: readonly T[], query: string, searchable: (item: T) => Searchable): T[] {
  return items
    .map((item) => ({ item, place: rank(searchable(item), query) }))
    .filter((found): found is { item: T; place: number } => found.place !== undefined)
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
