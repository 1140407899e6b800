/** The section "blocks": each block as a kind of layer, and its layers. */
import * as l10n from '@vscode/l10n';
import type { LayerDefinition } from '../layers/define.ts';
import { layers as layerTypes } from '../layers/registry.ts';
import { type Json, quote } from '../schema/attributes.ts';
import { mostProblems } from '../schema/reading.ts';
import { blockInput, blockKind, blockOutput, blockPorts, kindsInBlock } from './blockKinds.ts';
import { defaultsOf, parameterAttributes } from './blockParameters.ts';
import type { BlockSpec, LayerSpec } from './document.ts';
import { type LayerReader, namesAt } from './readLayers.ts';
import { isName, nameProblem } from './reference.ts';
import { error, isObject, type Report } from './reporting.ts';
import type { Source } from './source.ts';

/** The blocks of a text as kinds. They are read before any layer, because blocks may use one another. */
export function blockKinds(section: Json | undefined, source: Source, report: Report): LayerDefinition[] {
  if (section === undefined) return [];
  if (!isObject(section)) {
    const found = quote(section);
    const message = l10n.t(
      'blocks: expected an object { "name": { "layer": { "type": … } } }, found {0}.',
      found,
    );
    report(error('block/blocks', ['blocks'], message));
    return [];
  }
  const kinds: LayerDefinition[] = [];
  let problems = 0;
  for (const name of namesAt(source, ['blocks'])) {
    if (!Object.hasOwn(section, name)) continue;
    const problem = blockNameProblem(name);
    const body = section[name];
    const inputs = isObject(body)
      ? namesAt(source, ['blocks', name]).filter((part) => typeOf(body[part]) === blockInput.type)
      : [];
    // A block with a mistake is a kind, too, so that its uses are not reported.
    if (!isTaken(name)) kinds.push(blockKind(name, inputs, parameterAttributes(section, name)));
    if ((problem !== undefined || !isObject(body)) && ++problems <= mostProblems)
      report(
        problem === undefined
          ? error(
              'block/blocks',
              ['blocks', name],
              l10n.t('{0}: expected layers { "name": { "type": … } }, found {1}.', name, quote(body)),
            )
          : error('block/name', ['blocks', name], problem, 'key'),
      );
  }
  return kinds;
}

/** Why a block cannot have this name; undefined if it can. */
export function blockNameProblem(name: string): string | undefined {
  if (!isName(name)) return nameProblem(name);
  return isTaken(name)
    ? l10n.t('"{0}" is already a layer type. Give the block another name.', name)
    : undefined;
}

const isTaken = (name: string): boolean =>
  layerTypes.find(name) !== undefined || blockPorts.some(({ type }) => type === name);

const typeOf = (layer: Json | undefined): Json | undefined => (isObject(layer) ? layer.type : undefined);

/** Reads the layers of each block. `kinds`: the blocks, as `blockKinds` returned them. */
export function readBlocks(
  section: Json | undefined,
  kinds: readonly LayerDefinition[],
  reader: LayerReader,
  report: Report,
): ReadonlyMap<string, BlockSpec> {
  const blocks = new Map<string, BlockSpec>();
  if (kinds.length === 0 || !isObject(section)) return blocks;
  const inside = kindsInBlock(kinds);
  for (const kind of kinds) {
    const name = kind.type;
    const body = section[name];
    const layers = isObject(body)
      ? reader.read(body, ['blocks', name], inside, { block: name, values: defaultsOf(body) })
      : [];
    if (isObject(body) && !reader.isOver) checkPorts(name, layers, report);
    blocks.set(name, { name, layers, kind, kinds: inside });
  }
  return blocks;
}

function checkPorts(block: string, layers: readonly LayerSpec[], report: Report): void {
  const has = (kind: LayerDefinition) => layers.some((layer) => layer.kind === kind);
  if (!has(blockInput))
    report(
      error(
        'block/ports',
        ['blocks', block],
        l10n.t('{0}: the block has no input. Add "input": {1} to it.', block, '{ "type": "blockInput" }'),
        'key',
      ),
    );
  if (!has(blockOutput))
    report(
      error(
        'block/ports',
        ['blocks', block],
        l10n.t(
          '{0}: the block has no output. Add "output": {1} to it.',
          block,
          '{ "type": "blockOutput", "from": "…" }',
        ),
        'key',
      ),
    );
}
