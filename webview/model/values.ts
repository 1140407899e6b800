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
 * The settings of a layer, in the order of its table: "8 filters", "3×3", "same". Initializers are shown only in the
 * inspector.
 */
export function settingsOf(table: AttributeTable, raw: RawValues): readonly string[] {
  return Object.entries(table).flatMap(([name, attribute]) => {
    const { onCard, control, default: preset } = attribute;
    const given = Object.hasOwn(raw, name) ? raw[name] : undefined;
    const value = onCard?.always ? (given ?? (preset as Json | undefined)) : given;
    if (value === undefined || control.kind === 'kind') return [];
    if (!onCard?.always && isDefault(attribute, value)) return [];
    // The words of a switch are those of one of its states. "$bias" names none.
    const isState = control.kind !== 'toggle' || typeof value === 'boolean';
    if (onCard && isState)
      return [onCard.words(onCard.always ? formatSize(attribute, value) : formatValue(value))];
    return [
      control.kind === 'toggle' && value === true ? plain(name) : `${plain(name)} ${formatValue(value)}`,
    ];
  });
}

/** "initialSlope" as words. */
const plain = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

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
