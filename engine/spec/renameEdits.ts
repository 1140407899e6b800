/** Renames layers and blocks wherever a text names them, all at once, so that two may exchange their names. */
import type { LayerDefinition } from '../layers/define.ts';
import { blockOutput, blockParameter } from './blockKinds.ts';
import { canBeOpen, parameterIn, writtenParameter } from './blockParameters.ts';
import type { TextChange } from './document.ts';
import type { DocumentText } from './documentText.ts';
import { print } from './print.ts';
import { insideName, type OutputRef, parseReference, printReference } from './reference.ts';
import { propertiesOf } from './source.ts';
import type { Node } from './syntax.ts';
import { renameProperties } from './textItems.ts';

/** New names by earlier ones. What keeps its name is returned as it is. */
export interface NewNames {
  block(name: string): string;
  /** A layer of the network or, with `within`, of that block. */
  layer(name: string, within?: string): string;
}

/** The new names must be possible and free. Reads the text once, however many names change. */
export function renameEverywhere(document: DocumentText, names: NewNames): void {
  const { source, text } = document;
  const blocks = source.node(['blocks']);
  const bodies = [
    { within: undefined, body: source.node(['layers']) },
    ...propertiesOf(blocks).map(({ name, value }) => ({ within: name, body: value })),
  ];
  document.apply([
    ...renameProperties(text, blocks, names.block),
    ...bodies.flatMap(({ within, body }) => [
      ...renameProperties(text, body, (name) => names.layer(name, within)),
      ...propertiesOf(body).flatMap(({ value }) => changesInLayer(document, value, names, within)),
    ]),
    ...lossReferences(document).flatMap((node) => newReference(document, node, names)),
    ...renameProperties(text, source.node(['layout']), (place) => newPlace(place, names)),
  ]);
}

/** The `from` of every loss that has one. */
export function lossReferences({ source }: DocumentText): (Node & { readonly value: string })[] {
  const loss = source.node(['training', 'loss']);
  const losses = loss?.type === 'array' ? loss.children! : loss ? [loss] : [];
  return losses.map((one) => source.childOf(one, 'from')).filter(isString);
}

const isString = (node: Node | undefined): node is Node & { readonly value: string } =>
  node?.type === 'string';

/** The names in a layer: what it reads, what it shares, its type, and parameters of blocks. */
function changesInLayer(
  document: DocumentText,
  layer: Node | undefined,
  names: NewNames,
  within: string | undefined,
): TextChange[] {
  const { source, text } = document;
  if (layer?.type !== 'object') return [];
  const [from, shares, type] = ['from', 'shares', 'type'].map((key) => source.childOf(layer, key));
  const inputs = from?.type === 'array' ? from.children! : [from];
  const opens =
    within === undefined
      ? []
      : propertiesOf(layer).flatMap(({ name: attribute, value }) => {
          const parameter = canBeOpen(attribute) ? parameterIn(value?.value) : undefined;
          if (parameter === undefined || !isParameter(document, within, parameter)) return [];
          return newText(document, value!, writtenParameter(names.layer(parameter, within)));
        });
  return [
    ...inputs.filter(isString).flatMap((node) => newReference(document, node, names, within)),
    ...[shares].filter(isString).flatMap((node) => newText(document, node, names.layer(node.value, within))),
    ...opens,
    ...(isString(type)
      ? [
          ...newText(document, type, names.block(type.value)),
          // A use of a block has the parameters of the block as attributes.
          ...renameProperties(text, layer, (attribute) =>
            isParameter(document, type.value, attribute) ? names.layer(attribute, type.value) : attribute,
          ),
        ]
      : []),
  ];
}

const isParameter = (document: DocumentText, block: string, name: string): boolean =>
  isOfType(document, block, name, blockParameter);

/** Whether a layer of a block is of a kind. */
const isOfType = (
  { source }: DocumentText,
  block: string,
  name: string,
  { type }: LayerDefinition,
): boolean => source.node(['blocks', block, name, 'type'])?.value === type;

const newText = (document: DocumentText, node: Node, text: string): TextChange[] =>
  node.value === text ? [] : document.replace(node, print(text));

function newReference(
  document: DocumentText,
  node: Node & { readonly value: string },
  names: NewNames,
  within?: string,
): TextChange[] {
  const { layer, output } = parseReference(node.value) ?? { layer: node.value };
  const renamed = names.layer(layer, within);
  const port = output === undefined ? undefined : newOutput(document, { layer, output }, names, within);
  if (renamed === layer && port === output) return [];
  const reference = { layer: renamed, ...(port === undefined ? {} : { output: port }) };
  return document.replace(node, print(printReference(reference)));
}

/** The outputs of a use are layers of its block. */
function newOutput(
  document: DocumentText,
  { layer, output }: Required<OutputRef>,
  names: NewNames,
  within: string | undefined,
): string {
  const home = within === undefined ? ['layers'] : ['blocks', within];
  const block = document.source.node([...home, layer, 'type'])?.value;
  return typeof block === 'string' && isOfType(document, block, output, blockOutput)
    ? names.layer(output, block)
    : output;
}

/** The key of a position in "layout": the name of a layer, or that of a block and one of its layers. */
function newPlace(place: string, names: NewNames): string {
  const [first, ...rest] = place.split('/');
  if (rest.length === 0) return names.layer(first);
  return insideName(names.block(first), ...(rest.length === 1 ? [names.layer(rest[0], first)] : rest));
}
