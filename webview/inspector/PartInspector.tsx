/**
 * A layer in the frame of an unfolded block: its kind, its statistics there, and its attributes, which are changed in the definition
 * and so for all uses. A button leads to the definition.
 */
import * as l10n from '@vscode/l10n';
import { parametersOf } from '../../engine/spec/blockParameters.ts';
import { enterBlock } from '../canvas/blockActions.ts';
import { IconButton } from '../controls/IconButton.tsx';
import { perform } from '../host.ts';
import { setInBlock } from '../model/gestures.ts';
import type { NetworkView } from '../model/network.ts';
import { problemsOfLayer } from '../model/problems.ts';
import { type Drawn, isCopy } from '../model/unfolding.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { LayerHeader, LayerState, Shapes } from './LayerInspector.tsx';
import { Problems } from './Problems.tsx';
import { Section } from './Section.tsx';

interface PartInspectorProps {
  readonly view: NetworkView;
  readonly part: Drawn & { readonly block: string };
  readonly editable: boolean;
}

export function PartInspector({ view, part, editable }: PartInspectorProps) {
  const { layer, title, block, written, frames } = part;
  const { name, definition } = layer;
  const { beside, listed } = problemsOfLayer(layer);
  // A copy does not belong to the layers of the block. Its attributes are those of the use that repeats it.
  const definedIn = view.whole.spec.blocks.get(block);
  const own = isCopy(part) ? undefined : definedIn?.layers.find((one) => one.name === written);
  return (
    <>
      <LayerHeader layer={layer} title={title} />
      <Problems problems={listed} />
      <div className="inspector-part">
        <p className="muted">
          {own
            ? l10n.t(
                'In {0}, a use of the block {1}. Its attributes are those of all uses.',
                frames.at(-1)!,
                block,
              )
            : l10n.t(
                'In {0}, a use of the block {1}. Enter the block to change it for all uses.',
                frames.at(-1)!,
                block,
              )}
        </p>
        <div className="button-row">
          <IconButton
            icon="package"
            text={l10n.t('Enter')}
            title={l10n.t('Enter block')}
            onClick={() => enterBlock(name)}
          />
        </div>
      </div>
      <LayerState view={view} layer={layer} />
      {definition && Object.keys(definition.attributes).length > 0 && (
        <Section title={l10n.t('Attributes')}>
          <AttributeForm
            table={definition.attributes}
            given={own?.given ?? layer.given}
            disabled={!editable || !own}
            problems={beside}
            parameters={definedIn && parametersOf(definedIn)}
            onCommit={(attribute, value) =>
              void perform(() => setInBlock(block, { layer: written, attribute, value }))
            }
          />
        </Section>
      )}
      <Shapes layer={layer} />
    </>
  );
}
