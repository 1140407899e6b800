/**
 * Checks how layers refer to uses of blocks in the scope where they are written: outputs that they read, and uses whose parameters
 * they share.
 */
import * as l10n from '@vscode/l10n';
import { nearest } from '../schema/nearest.ts';
import { blockParameter } from '../spec/blockKinds.ts';
import { writtenParameter } from '../spec/blockParameters.ts';
import type { LayerSpec } from '../spec/document.ts';
import type { Issue } from '../spec/source.ts';
import { type Blocks, blockOf, isPort, outputMeant, outputsOf, repeatsOf } from './blocks.ts';
import { type Graph, inputPath } from './build.ts';

/** Problems of one scope. Without blocks, `build.ts` and `infer.ts` find all of them. */
export function checkUses({ byName }: Graph, blocks: Blocks): Issue[] {
  const issues: Issue[] = [];
  for (const layer of byName.values()) {
    for (const [index, reference] of layer.from.entries()) {
      const source = byName.get(reference.layer);
      if (source?.kind === blockParameter) {
        issues.push({
          code: 'graph/unknown-output',
          severity: 'error',
          message: l10n.t(
            '{0}: {1} is a parameter, which has no output. Write {2} as the value of an attribute.',
            layer.name,
            source.name,
            `"${writtenParameter(source.name)}"`,
          ),
          layer: layer.name,
          attribute: 'from',
          path: inputPath(layer, index),
          on: 'value',
        });
        continue;
      }
      if (!source || reference.output === undefined) continue;
      const block = blockOf(source, blocks);
      if (block ? outputMeant(block, reference) : !isPort(source)) continue;
      const outputs = block ? outputsOf(block).map(({ name }) => name) : [];
      const near = nearest(reference.output, outputs);
      const { layer: name, output } = reference;
      const message = near
        ? l10n.t('{0} has no output "{1}". Did you mean "{2}"?', name, output, `${name}.${near}`)
        : outputs.length > 0
          ? l10n.t('{0} has no output "{1}". It has {2}.', name, output, outputs.join(', '))
          : l10n.t('{0} has no output "{1}", only its main one. Write "{0}".', name, output);
      issues.push({
        code: 'graph/unknown-output',
        severity: 'error',
        message: `${layer.name}: ${message}`,
        layer: layer.name,
        attribute: 'from',
        path: inputPath(layer, index),
        on: 'value',
      });
    }
    const message = sharingProblem(layer, byName, blocks);
    if (message !== undefined)
      issues.push({
        code: 'graph/shares',
        severity: 'error',
        message: `${layer.name}: ${message}`,
        layer: layer.name,
        attribute: 'shares',
        path: [...layer.path, 'shares'],
        on: 'value',
      });
  }
  return issues;
}

/**
 * Why a layer cannot use the parameters of the layer that it names. This checks only that there is such a layer: whether both have
 * the same parameters depends on their shapes.
 */
function sharingProblem(layer: LayerSpec, byName: Graph['byName'], blocks: Blocks): string | undefined {
  const { shares, bypass } = layer.common;
  if (shares === undefined || bypass) return undefined;
  const owner = byName.get(shares);
  if (!owner && shares.includes('/'))
    return l10n.t(
      '"{0}" is inside a block, and only layers of that block can share with it. Share with a whole use, or write the block out.',
      shares,
    );
  if (!owner) {
    const near = nearest(shares, byName.keys());
    return near
      ? l10n.t('there is no layer "{0}" to share with. Did you mean "{1}"?', shares, near)
      : l10n.t('there is no layer "{0}" to share with.', shares);
  }
  if (owner === layer) return l10n.t('a layer cannot share with itself. Remove "shares".');
  const [mine, theirs] = [blockOf(layer, blocks), blockOf(owner, blocks)];
  if (!mine && !theirs) return undefined;
  if (owner.common.shares !== undefined)
    return l10n.t('{0} itself uses the parameters of {1}. Name {1} instead.', shares, owner.common.shares);
  if (mine !== theirs)
    return mine
      ? l10n.t('{0} is not a use of the block {1}. Name one that is.', shares, mine.name)
      : l10n.t('{0} is a block. Only another use of it can share its parameters.', shares);
  if (layer.valid && owner.valid && repeatsOf(layer) !== repeatsOf(owner))
    return l10n.t(
      'has "repeat" {0}, but {1} has {2}. Give both the same.',
      repeatsOf(layer),
      shares,
      repeatsOf(owner),
    );
  return undefined;
}
