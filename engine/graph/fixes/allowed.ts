/** The value that was probably meant: the allowed value that is nearest to the written one. */
import { type Attribute, isRequired, type Json, type JsonSchema } from '../../schema/attributes.ts';
import { nearest } from '../../schema/nearest.ts';

/** The largest whole number that an attribute may have; see `schema/attributes.ts`. */
const largest = 2 ** 31 - 1;

/** The allowed value nearest to the written one, or else the usual one; undefined if there is neither. */
export function nearestAllowed(attribute: Attribute<unknown>, written: Json | undefined): Json | undefined {
  const candidates = [...(written === undefined ? [] : near(attribute, written)), ...usual(attribute)];
  return candidates.find((candidate) => 'value' in attribute.read(candidate));
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The value that a new attribute starts with. */
function usual({ start, control, ...attribute }: Attribute<unknown>): Json[] {
  if (start !== undefined) return [start];
  if (control.kind === 'kind')
    return [...control.registry]
      .filter((kind) => !Object.values(kind.attributes).some(isRequired))
      .map(({ type }) => type);
  const preset = attribute.default;
  return preset === undefined ? [] : [preset as Json];
}

function near(attribute: Attribute<unknown>, written: Json): Json[] {
  const { control, item, schema } = attribute;
  const alone = Array.isArray(written) && written.length === 1 ? written : [];
  if (control.kind === 'number') return [written, ...alone].flatMap((one) => numbersNear(schema, one));
  if (control.kind === 'choice') return wordNear(control.options, written);
  if (control.kind === 'kind') return wordNear(control.registry.types, written);
  if (control.kind === 'toggle')
    return wordNear(['true', 'false'], typeof written === 'number' ? `${written !== 0}` : written).map(
      (word) => word === 'true',
    );
  if (control.kind === 'text') return isNumber(written) ? [`${written}`] : alone;
  if (item) return listNear(item, written);
  return entriesNear(schema, written);
}

const wordNear = (known: readonly string[], written: Json): string[] => {
  if (typeof written !== 'string') return [];
  const found =
    nearest(written, known) ?? known.find((one) => one.toLowerCase().includes(written.toLowerCase()));
  return found === undefined || written === '' ? [] : [found];
};

/** A list in which each entry is allowed. A single entry becomes a list of one. */
function listNear(item: Attribute<unknown>, written: Json): Json[] {
  const entries = (Array.isArray(written) ? written : [written]).map((entry) =>
    'value' in item.read(entry) ? entry : near(item, entry).find((one) => 'value' in item.read(one)),
  );
  return entries.every((entry) => entry !== undefined) ? [entries as Json[]] : [];
}

interface Bounded extends JsonSchema {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Bounded;
  readonly minItems?: number;
  readonly anyOf?: readonly Bounded[];
}

/** The number, rounded if it must be whole, and moved to the nearest bound. */
function numbersNear(schema: Bounded, written: Json): number[] {
  const given = typeof written === 'string' && written.trim() !== '' ? Number(written) : written;
  if (!isNumber(given) || Number.isNaN(given)) return [];
  const whole = schema.type === 'integer';
  const { minimum, maximum = whole ? largest : undefined, exclusiveMinimum, exclusiveMaximum } = schema;
  const rounded = whole ? Math.round(given) : given;
  const low = minimum ?? (whole && exclusiveMinimum !== undefined ? exclusiveMinimum + 1 : undefined);
  const high = maximum ?? (whole && exclusiveMaximum !== undefined ? exclusiveMaximum - 1 : undefined);
  const within = Math.min(Math.max(rounded, low ?? -Infinity), high ?? Infinity);
  // A negative number where none is allowed probably has a wrong sign.
  return [rounded, Math.abs(rounded), within];
}

/** Lists of numbers, and sizes that are one number or several. */
function entriesNear(schema: Bounded, written: Json): Json[] {
  const forms = schema.anyOf ?? [schema];
  return forms.flatMap((form): Json[] => {
    if (form.type !== 'array') return numbersNear(form, Array.isArray(written) ? written[0] : written);
    const given = Array.isArray(written) ? written : [written];
    const entries = given.map((entry) => numbersNear(form.items ?? {}, entry)[2]);
    if (entries.length === 0 || !entries.every((entry) => entry !== undefined)) return [];
    const filled = Array.from(
      { length: Math.max(entries.length, form.minItems ?? 0) },
      (_, index) => entries[Math.min(index, entries.length - 1)],
    );
    return [filled];
  });
}
