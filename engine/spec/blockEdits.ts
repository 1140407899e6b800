/** Edits of the section "blocks": adding and renaming a block. The layers in a block are edited like any others. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';
import type { DocumentText } from './documentText.ts';
import { print } from './print.ts';
import { blockNameProblem } from './readBlocks.ts';
import { renameEverywhere } from './renameEdits.ts';

/** One line for each layer, if the document is written in lines. */
export function addBlock(
  document: DocumentText,
  name: string,
  layers: { readonly [layer: string]: Json },
): void {
  checkNewName(document, name);
  const { unit, endOfLine } = document.style;
  const [outer, inner] = [endOfLine + unit.repeat(2), endOfLine + unit.repeat(3)];
  const lines = Object.entries(layers).map(([layer, value]) => `${JSON.stringify(layer)}: ${print(value)}`);
  const { isSpread } = document;
  const body = isSpread ? `{${inner}${lines.join(`,${inner}`)}${outer}}` : `{ ${lines.join(', ')} }`;
  const blocks = document.section('blocks');
  if (blocks) document.apply(document.insert(blocks, [[name, body]], { expand: isSpread }));
  else document.addSection('blocks', document.sectionText([`${JSON.stringify(name)}: ${body}`]));
}

/** Renames it where it is used, and the positions of its layers. */
export function renameBlock(document: DocumentText, name: string, newName: string): void {
  const blocks = document.section('blocks');
  if (!blocks || !document.source.property(blocks, name))
    throw new ProblemError('edit/refused', l10n.t('There is no block "{0}".', name));
  if (newName === name) return;
  checkNewName(document, newName);
  renameEverywhere(document, { block: (one) => (one === name ? newName : one), layer: (one) => one });
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
