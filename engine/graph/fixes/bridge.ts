/** A new layer before another one that gives its first input the shape that it needs. */
import * as l10n from '@vscode/l10n';
import type { Shape } from '../../layers/define.ts';
import { layers as layerTypes } from '../../layers/registry.ts';
import type { Fix } from '../../schema/problem.ts';
import type { LayerSpec } from '../../spec/document.ts';
import { freshName } from '../../spec/names.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { inOne, type Subject } from './define.ts';
import { inferred, withWritten } from './tries.ts';

/** The first layer whose output fits, of those that can be between. `isTaken`: whether a layer has this name. */
export function bridgeBefore(
  { name, from }: Pick<LayerSpec, 'name' | 'from'>,
  input: Shape,
  fits: (output: Shape) => boolean,
  isTaken: (name: string) => boolean,
  tries: Pick<Subject, 'tries'>,
): Fix<SpecEdit> | undefined {
  for (const bridge of layerTypes)
    for (const written of bridge.bridges?.(input) ?? []) {
      const attributes = withWritten(bridge, {}, written);
      const output = attributes && inferred(tries, bridge, attributes, [input])?.output;
      if (!output || !fits(output)) continue;
      const added = freshName(bridge.type, isTaken);
      return {
        title: l10n.t('Add {0} before "{1}"', bridge.label, name),
        edit: inOne([
          { kind: 'addLayer', name: added, type: bridge.type, attributes: written, from: [from[0]] },
          { kind: 'connect', from: { layer: added }, to: name, index: 0 },
        ]),
      };
    }
  return undefined;
}
