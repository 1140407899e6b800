/** Edits of the section "blocks": adding and renaming a block. The layers in a block are edited like any others. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';
import { blockOutput, blockParameter } from './blockKinds.ts';
import { canBeOpen, parameterIn, writtenParameter } from './blockParameters.ts';
import type { TextChange } from './document.ts';
import type { DocumentText } from './documentText.ts';
import { print } from './print.ts';
import { blockNameProblem } from './readBlocks.ts';
import { insideName, parseReference, printReference } from './reference.ts';
import { inputNodes, judgedNodes } from './referenceNodes.ts';
import { propertiesOf } from './source.ts';
import type { Node } from './syntax.ts';
import { renameProperty } from './textItems.ts';

/** One line for each layer. */
export function addBlock(
  document: DocumentText,
  name: string,
  layers: { readonly [layer: string]: Json },
): void {
  checkNewName(document, name);
  const { unit, endOfLine } = document.style;
  const [outer, inner] = [endOfLine + unit.repeat(2), endOfLine + unit.repeat(3)];
  const lines = Object.entries(layers).map(([layer, value]) => `${JSON.stringify(layer)}: ${print(value)}`);
  const body = `{${inner}${lines.join(`,${inner}`)}${outer}}`;
  const blocks = document.section('blocks');
  if (blocks) document.apply(document.insert(blocks, [[name, body]], { expand: true }));
  else document.addSection('blocks', document.sectionText([`${JSON.stringify(name)}: ${body}`]));
}

/** Renames it where it is used, and the positions of its layers. */
export function renameBlock(document: DocumentText, name: string, newName: string): void {
  const blocks = document.section('blocks');
  if (!blocks || !document.source.property(blocks, name))
    throw new ProblemError('edit/refused', l10n.t('There is no block "{0}".', name));
  if (newName === name) return;
  checkNewName(document, newName);
  const types = bodiesOf(document).flatMap((body) =>
    usesIn(document, body, name).map(({ value }) => document.source.childOf(value!, 'type')!),
  );
  const layout = document.source.node(['layout']);
  const start = insideName(name, '');
  const places = propertiesOf(layout)
    .filter(({ name: key }) => key.startsWith(start))
    .flatMap(({ name: key }) =>
      renameProperty(document.text, layout!, key, insideName(newName, key.slice(start.length))),
    );
  document.apply([
    ...renameProperty(document.text, blocks, name, newName),
    ...types.flatMap((node): TextChange[] => document.replace(node, print(newName))),
    ...places,
  ]);
}

function checkNewName(document: DocumentText, name: string): void {
  const problem = blockNameProblem(name);
  if (problem) throw new ProblemError('edit/refused', problem);
  const blocks = document.section('blocks');
  if (blocks && document.source.property(blocks, name))
    throw new ProblemError(
      'edit/refused',
      l10n.t('There is already a block "{0}". Choose another name.', name),
    );
}

/** Other places of a parameter's name: values in layers of its block, and attributes of the uses of the block. */
export function parameterRenames(document: DocumentText, name: string, newName: string): TextChange[] {
  const { block, source, text } = document;
  const layers = document.layers;
  if (block === undefined || source.node(['blocks', block, name, 'type'])?.value !== blockParameter.type)
    return [];
  const values = propertiesOf(layers).flatMap(({ value: layer }) =>
    propertiesOf(layer).flatMap(({ name: attribute, value }) =>
      value && canBeOpen(attribute) && parameterIn(value.value) === name ? [value] : [],
    ),
  );
  const uses = bodiesOf(document).flatMap((body) => usesIn(document, body, block).map(({ value }) => value!));
  return [
    ...values.flatMap((node) => document.replace(node, print(writtenParameter(newName)))),
    ...uses.flatMap((use) => renameProperty(text, use, name, newName)),
  ];
}

/** References to an output of a block, "use.output": in the network, in other blocks, and in losses. */
export function outputRenames(document: DocumentText, name: string, newName: string): TextChange[] {
  const { block, source } = document;
  if (block === undefined || source.node(['blocks', block, name, 'type'])?.value !== blockOutput.type)
    return [];
  const network = source.node(['layers']);
  return bodiesOf(document).flatMap((body) => {
    const uses = new Set(usesIn(document, body, block).map((use) => use.name));
    if (uses.size === 0) return [];
    const inputs = propertiesOf(body).flatMap(({ value }) => (value ? inputNodes(document, value) : []));
    return [...inputs, ...(body === network ? judgedNodes(document) : [])].flatMap((node) => {
      const ref = parseReference(String(node.value));
      return ref?.output === name && uses.has(ref.layer)
        ? document.replace(node, print(printReference({ ...ref, output: newName })))
        : [];
    });
  });
}

/** The objects in which layers are written: that of the network, and one for each block. */
const bodiesOf = ({ source }: DocumentText): readonly (Node | undefined)[] => [
  source.node(['layers']),
  ...propertiesOf(source.node(['blocks'])).map(({ value }) => value),
];

/** The layers that use a block. */
const usesIn = ({ source }: DocumentText, body: Node | undefined, block: string) =>
  propertiesOf(body).filter(({ value }) => value && source.childOf(value, 'type')?.value === block);
