/** The path into the block in view. Each entry leads back to that level. */
import * as l10n from '@vscode/l10n';
import { repeatsOf } from '../../engine/graph/blocks.ts';
import { Icon } from '../controls/Icon.tsx';
import { useEditor } from '../model/editor.ts';
import type { NetworkView } from '../model/network.ts';
import { leaveBlock, showCopy } from './blockActions.ts';

export function Trail() {
  const within = useEditor((state) => state.within);
  const block = useEditor(({ view }) => view?.inside?.block.name);
  const uses = useEditor(({ view }) => usesOf(view?.inside?.block.name, view?.whole.spec));
  const copies = useEditor(({ view }) => copiesOf(view));
  if (within.length === 0 || block === undefined) return null;
  return (
    <nav className="trail" aria-label={l10n.t('Block in view')}>
      <button type="button" onClick={() => leaveBlock(0)} title={l10n.t('Back to the network')}>
        {l10n.t('Network')}
      </button>
      {within.map(({ use }, index) => (
        <span
          key={within
            .slice(0, index + 1)
            .map((step) => step.use)
            .join('/')}
          className="trail-step"
        >
          <Icon name="chevron-right" />
          {index < within.length - 1 ? (
            <button type="button" onClick={() => leaveBlock(index + 1)}>
              {use}
            </button>
          ) : (
            <span aria-current="location">{use}</span>
          )}
        </span>
      ))}
      {copies > 1 && (
        <select
          className="field trail-copy"
          aria-label={l10n.t('Copy whose statistics are shown')}
          value={within.at(-1)!.copy}
          onChange={({ target }) => showCopy(Number(target.value))}
        >
          {Array.from({ length: copies }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a copy is its number.
            <option key={index} value={index + 1}>
              {l10n.t('copy {0} of {1}', index + 1, copies)}
            </option>
          ))}
        </select>
      )}
      <span className="trail-block">
        {uses === 1 ? l10n.t('block {0}', block) : l10n.t('block {0} · used {1} times', block, uses)}
      </span>
    </nav>
  );
}

/** The number of copies of the use that is in view. */
function copiesOf(view: NetworkView | undefined): number {
  const prefix = view?.inside?.prefix.split('/') ?? [];
  // "stages/2/" is the second copy of "stages".
  const names = [prefix.slice(0, -1), prefix.slice(0, -2)].map((steps) => steps.join('/'));
  const use = names.map((name) => view?.whole.graph.byName.get(name)).find((typed) => typed !== undefined);
  return use ? repeatsOf(use.spec) : 1;
}

type Spec = NonNullable<ReturnType<typeof useEditor.getState>['view']>['whole']['spec'];

function usesOf(block: string | undefined, spec: Spec | undefined): number {
  if (block === undefined || !spec) return 0;
  const inner = [...spec.blocks.values()].flatMap(({ layers }) => layers);
  return [...spec.layers, ...inner].filter(({ type }) => type === block).length;
}
