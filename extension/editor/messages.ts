/**
 * What the webview sends, read as if an enemy had sent it: sizes are capped before anything looks inside, and
 * every field is checked and copied, so that nothing unexpected travels on.
 */
import { type GraphCommand, graphCommands } from '../../engine/protocol/commands.ts';
import type { WebviewToHost } from '../../engine/protocol/editor.ts';
import type { OutputRef, SpecEdit } from '../../engine/spec/document.ts';

type Body<K extends keyof WebviewToHost> = WebviewToHost[K] extends (body: infer B) => unknown
  ? B
  : WebviewToHost[K];

const deepest = 32;
const mostValues = 100_000;
const mostCharacters = 1_000_000;
const longestName = 1000;

/** Whether a message is small plain data. Walks without recursion, so that depth cannot exhaust the stack. */
export function isWithinLimits(message: unknown): boolean {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: message, depth: 0 }];
  let values = 0;
  let characters = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    if (++values > mostValues || depth > deepest) return false;
    if (typeof value === 'string') characters += value.length;
    else if (typeof value === 'object' && value !== null) {
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return false;
      for (const key of Object.keys(value)) {
        if (key === '__proto__') return false;
        characters += key.length;
        waiting.push({ value: (value as Record<string, unknown>)[key], depth: depth + 1 });
      }
    } else if (!['number', 'boolean', 'undefined'].includes(typeof value) && value !== null) return false;
    if (characters > mostCharacters) return false;
  }
  return true;
}

type Fields = { readonly [name: string]: unknown };

/** Thrown for a message that this extension's webview never sends. */
class Malformed extends Error {}

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Malformed(`malformed message: ${what}`);
  return value;
}

const fields = (value: unknown, what: string): Fields =>
  must(
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined,
    what,
  );

const list = (value: unknown, what: string): readonly unknown[] =>
  must(Array.isArray(value) ? value : undefined, what);

const name = (value: unknown, what: string): string =>
  must(typeof value === 'string' && value.length <= longestName ? value : undefined, what);

const whole = (value: unknown, what: string): number =>
  must(Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined, what);

const flag = (value: unknown, what: string): boolean =>
  must(typeof value === 'boolean' ? value : undefined, what);

function position(value: unknown): readonly [number, number] {
  const [x, y, ...rest] = list(value, 'position');
  const good = rest.length === 0 && Number.isFinite(x) && Number.isFinite(y);
  return must(good ? [x as number, y as number] : undefined, 'position');
}

function outputRef(value: unknown): OutputRef {
  const { layer, output } = fields(value, 'from');
  const ref = { layer: name(layer, 'from.layer') };
  return output === undefined ? ref : { ...ref, output: name(output, 'from.output') };
}

const step = (value: unknown): string | number =>
  typeof value === 'number' ? whole(value, 'path') : name(value, 'path');

type Readers = { readonly [K in SpecEdit['kind']]: (edit: Fields) => Extract<SpecEdit, { kind: K }> };

/** One reader a kind of edit; the type makes the table complete. */
const editReaders: Readers = {
  addLayer: (edit) => ({
    kind: 'addLayer',
    name: name(edit.name, 'name'),
    type: name(edit.type, 'type'),
    attributes: { ...fields(edit.attributes, 'attributes') },
    from: list(edit.from, 'from').map(outputRef),
    ...(edit.position === undefined ? {} : { position: position(edit.position) }),
  }),
  removeLayers: (edit) => ({
    kind: 'removeLayers',
    names: list(edit.names, 'names').map((entry) => name(entry, 'names')),
    heal: flag(edit.heal, 'heal'),
  }),
  renameLayer: (edit) => ({
    kind: 'renameLayer',
    name: name(edit.name, 'name'),
    newName: name(edit.newName, 'newName'),
  }),
  setAttribute: (edit) => ({
    kind: 'setAttribute',
    layer: name(edit.layer, 'layer'),
    attribute: name(edit.attribute, 'attribute'),
    value: edit.value,
  }),
  connect: (edit) => ({
    kind: 'connect',
    from: outputRef(edit.from),
    to: name(edit.to, 'to'),
    index: whole(edit.index, 'index'),
  }),
  disconnect: (edit) => ({ kind: 'disconnect', to: name(edit.to, 'to'), index: whole(edit.index, 'index') }),
  moveLayers: (edit) => ({
    kind: 'moveLayers',
    positions: Object.fromEntries(
      Object.entries(fields(edit.positions, 'positions')).map(([key, value]) => [
        name(key, 'positions'),
        position(value),
      ]),
    ),
  }),
  clearLayout: () => ({ kind: 'clearLayout' }),
  setTraining: (edit) => ({
    kind: 'setTraining',
    path: list(edit.path, 'path').map(step),
    value: edit.value,
  }),
  several: (edit) => ({ kind: 'several', edits: list(edit.edits, 'edits').map(readSpecEdit) }),
};

/** Throws for anything that is not an edit. */
export function readSpecEdit(value: unknown): SpecEdit {
  const edit = fields(value, 'edit');
  const { kind } = edit;
  const known = typeof kind === 'string' && Object.hasOwn(editReaders, kind);
  return must(known ? editReaders[kind as SpecEdit['kind']] : undefined, 'edit.kind')(edit);
}

export function readEdit(body: unknown): Body<'edit'> {
  const { revision, edit } = fields(body, 'edit');
  return { revision: whole(revision, 'revision'), edit: readSpecEdit(edit) };
}

export function readCommand(body: unknown): GraphCommand {
  const { command } = fields(body, 'command');
  return must(
    graphCommands.find((known) => known === command),
    'command',
  );
}

export function readSelection(body: unknown): Body<'select'> {
  const { revision, layers } = fields(body, 'select');
  return {
    revision: whole(revision, 'revision'),
    layers: list(layers, 'layers').map((entry) => name(entry, 'layers')),
  };
}
