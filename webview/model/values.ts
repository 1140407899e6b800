/** Converts attribute values: to short text for a card, and to JSON for the spec. */
import type { Attribute, AttributeTable, Json } from '../../engine/schema/attributes.ts';

export type RawValues = { readonly [name: string]: Json };

export const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One value without its name: 3×3, same, on. */
function formatValue(value: Json): string {
  if (Array.isArray(value)) return value.map(formatValue).join('×');
  if (value !== null && typeof value === 'object') return typeof value.type === 'string' ? value.type : '{…}';
  return String(value);
}

/**
 * The settings of a layer, in the order of its table: "8 filters · 3×3 · same". Initializers are shown only in the
 * inspector.
 */
export function describeAttributes(table: AttributeTable, raw: RawValues): string {
  const parts: string[] = [];
  for (const [name, attribute] of Object.entries(table)) {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (attribute.onCard === 'always') {
      const size = value ?? (attribute.default as Json | undefined);
      if (size !== undefined) parts.push(formatSize(attribute, size));
      continue;
    }
    if (value === undefined || attribute.control.kind === 'kind' || isDefault(attribute, value)) continue;
    if (attribute.control.kind === 'toggle') parts.push(value === true ? name : `${name} off`);
    else if (attribute.onCard === 'counted')
      parts.push(`${formatValue(value)} ${value === 1 ? name.slice(0, -1) : name}`);
    else parts.push(attribute.onCard === 'bare' ? formatValue(value) : `${name} ${formatValue(value)}`);
  }
  return parts.join(' · ');
}

/** A window along two axes is written 3×3 even if the spec says 3. */
function formatSize(attribute: Attribute<unknown>, value: Json): string {
  const reading = attribute.read(value);
  return 'value' in reading ? formatValue(reading.value as Json) : formatValue(value);
}

function isDefault(attribute: Attribute<unknown>, value: Json): boolean {
  if (attribute.default === undefined) return false;
  const reading = attribute.read(value);
  return 'value' in reading && sameJson(reading.value, attribute.default);
}

/** The default as a form shows it: pairs of equal numbers as one, a kind by its name. */
export function formatDefault(attribute: Attribute<unknown>): string {
  const preset = attribute.default as Json | undefined;
  return preset === undefined ? '' : inputText(shortest(attribute, preset));
}

/** The shortest JSON from which `value` is read. */
function shortest(attribute: Attribute<unknown>, value: Json): Json {
  if (!Array.isArray(value) || value.length === 0) return value;
  const reading = attribute.read(value[0]);
  return 'value' in reading && sameJson(reading.value, value) ? value[0] : value;
}

/** A value as a text field shows it. */
export function inputText(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => ['number', 'string'].includes(typeof item)))
    return value.join(', ');
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && typeof value.type === 'string')
    return value.type;
  return JSON.stringify(value);
}

/**
 * Converts typed text to JSON: "3, 3" and "28×28×1" become lists of numbers, "accuracy, topK" becomes a list of names if the
 * attribute takes one, and anything else that is not JSON stays text.
 */
export function parseInput(text: string, attribute: Attribute<unknown>): Json {
  const plain = parsePlain(text.trim());
  const names = text.split(',').map((item) => parsePlain(item.trim()));
  return [plain, names].find((value) => 'value' in attribute.read(value)) ?? plain;
}

function parsePlain(trimmed: string): Json {
  const numbers = trimmed.split(/[\s,×x]+/).filter(Boolean);
  if (
    numbers.length > 1 &&
    numbers.every((item) => /^[-+\d.e]+$/i.test(item) && Number.isFinite(Number(item)))
  )
    return numbers.map(Number);
  try {
    return JSON.parse(trimmed) as Json;
  } catch {
    return trimmed;
  }
}
