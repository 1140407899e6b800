/** Values as the spec writes them: on one line, with spaces inside braces. */
import type { Json } from '../schema/attributes.ts';
import { isForbiddenName } from './reference.ts';

/** The reader accepts no deeper nesting. */
const maximumDepth = 60;

/** A value from outside as plain JSON; undefined if it is not JSON: a function, NaN, a cycle, a reserved name. */
export function toJson(value: unknown, depth = 0): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || depth > maximumDepth) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => toJson(item, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const object: { [key: string]: Json } = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const json = toJson(item, depth + 1);
    if (json === undefined || isForbiddenName(key)) return undefined;
    object[key] = json;
  }
  return object;
}

/** A value as text on one line: `{ "type": "dense", "units": 10 }`. */
export function print(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
