/** Values that are kinds: `"adam"`, or `{ "type": "adam", "learningRate": 0.001 }`. */
import type { Json, KindSet } from '../../engine/schema/attributes.ts';
import { startingAttributes } from '../../engine/spec/startingValues.ts';
import { isObject } from './network.ts';

/** The type of a kind as written; undefined if there is none. */
export function kindType(given: unknown): string {
  const type = isObject(given) ? given.type : given;
  return typeof type === 'string' ? type : '';
}

/** Replaces the kind of `given` and keeps attributes that both have; keys in `common` belong to neither. */
export function switchKind(
  registry: KindSet,
  given: Json | undefined,
  type: string,
  common: readonly string[] = [],
): Json {
  const kind = registry.get(type);
  const before = isObject(given) ? Object.entries(given) : [];
  const kept = before.filter(
    ([name, value]) =>
      common.includes(name) ||
      (Object.hasOwn(kind.attributes, name) && 'value' in kind.attributes[name].read(value)),
  );
  return { type, ...startingAttributes(kind), ...Object.fromEntries(kept) };
}
