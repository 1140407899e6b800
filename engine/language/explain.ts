/** What a hover explains: the attribute, the type or the section that the pointer is on. */
import * as l10n from '@vscode/l10n';
import { admitted } from '../reference/attributes.ts';
import { type Attribute, isRequired, type Json } from '../schema/attributes.ts';
import type { Range } from '../spec/document.ts';
import { oneOf, type Slot, slotAt } from '../spec/grammar.ts';
import { print } from '../spec/print.ts';
import type { NetworkText } from './networkText.ts';

export interface Explanation {
  readonly range: Range;
  /** Markdown without any text of the network. */
  readonly doc: string;
}

/** Undefined if there is nothing to explain, for example on the name of a layer. */
export function explain(network: NetworkText, offset: number): Explanation | undefined {
  const place = network.placeAt(offset);
  const slot = place && slotAt(network.root, place.path);
  if (!slot || place.word.end === place.word.start) return undefined;
  const typed = place.onKey ? undefined : kindAt(network, slot, place.path);
  if (typed !== undefined) return { range: place.word, doc: typed };
  if (place.onKey && slotAt(network.root, place.path.slice(0, -1))?.entries) return undefined;
  const { attribute } = slot;
  const name = place.path.findLast((step) => typeof step === 'string');
  const heading = place.onKey ? `\`"${name}"\` ` : '';
  return {
    range: place.word,
    doc: `${heading}${[slot.doc, attribute ? facts(attribute) : ''].filter(Boolean).join('\n\n')}`,
  };
}

/** The kind that a type names. */
function kindAt(network: NetworkText, slot: Slot, path: readonly (string | number)[]): string | undefined {
  const kinds = slot.typeOf ?? oneOf(slot).kinds;
  const type = network.node(path)?.value;
  const kind = typeof type === 'string' ? kinds?.find(type) : undefined;
  return kind && `**${kind.label}** · ${kinds?.noun}\n\n${kind.doc}`;
}

function facts(attribute: Attribute<unknown>): string {
  const { control, schema } = attribute;
  const expected = control.kind === 'kind' ? '' : l10n.t('Expected: {0}.', admitted(schema));
  const preset = attribute.default;
  const usual =
    preset === undefined
      ? isRequired(attribute)
        ? l10n.t('Required.')
        : ''
      : l10n.t(
          'Default: {0}.',
          `\`${control.kind === 'kind' ? (preset as { type: string }).type : print(preset as Json)}\``,
        );
  return [expected, usual].filter(Boolean).join(' ');
}
