/** The way into the block that is in view: each step leads back to where it was taken. */
import * as l10n from '@vscode/l10n';
import { Icon } from '../controls/Icon.tsx';
import { useEditor } from '../model/editor.ts';
import { leaveBlock } from './blockActions.ts';

export function Trail() {
  const within = useEditor((state) => state.within);
  const block = useEditor(({ view }) => view?.inside?.block.name);
  const uses = useEditor(({ view }) => usesOf(view?.inside?.block.name, view?.whole.spec));
  if (within.length === 0 || block === undefined) return null;
  return (
    <nav className="trail" aria-label={l10n.t('Block in view')}>
      <button type="button" onClick={() => leaveBlock(0)} title={l10n.t('Back to the network')}>
        {l10n.t('Network')}
      </button>
      {within.map((name, index) => (
        <span key={within.slice(0, index + 1).join('/')} className="trail-step">
          <Icon name="chevron-right" />
          {index < within.length - 1 ? (
            <button type="button" onClick={() => leaveBlock(index + 1)}>
              {name}
            </button>
          ) : (
            <span aria-current="location">{name}</span>
          )}
        </span>
      ))}
      <span className="trail-block">
        {uses === 1 ? l10n.t('block {0}', block) : l10n.t('block {0} · used {1} times', block, uses)}
      </span>
    </nav>
  );
}

type Spec = NonNullable<ReturnType<typeof useEditor.getState>['view']>['whole']['spec'];

function usesOf(block: string | undefined, spec: Spec | undefined): number {
  if (block === undefined || !spec) return 0;
  const inner = [...spec.blocks.values()].flatMap(({ layers }) => layers);
  return [...spec.layers, ...inner].filter(({ type }) => type === block).length;
}
