/** All shortcuts of the graph that the extension contributes, and a button to change them. */
import * as l10n from '@vscode/l10n';
import { type ActionGroup, actionGroups, graphAction } from '../../engine/protocol/graphActions.ts';
import { IconButton } from '../controls/IconButton.tsx';
import { command } from '../host.ts';
import { isApple, keyText, useKeys } from '../model/keys.ts';
import { useOverlay } from '../model/overlay.ts';
import { Dialog } from './Dialog.tsx';

const titles: { readonly [G in ActionGroup]: () => string } = {
  add: () => l10n.t('Add and connect'),
  change: () => l10n.t('Change'),
  select: () => l10n.t('Select and find'),
  arrange: () => l10n.t('Move and arrange'),
  view: () => l10n.t('View'),
};

/** Actions of the pointer, which cannot be changed. */
const pointer = (): readonly (readonly [title: string, keys: readonly string[]])[] => [
  [l10n.t('Add a layer there'), [l10n.t('double click')]],
  [l10n.t('Add to the selection'), [l10n.t('Shift or Ctrl, click')]],
  [l10n.t('Select everything in a box'), [l10n.t('Shift, drag')]],
  [l10n.t('Copy layers'), [l10n.t('Alt, drag')]],
  [l10n.t('Undo, redo'), isApple ? ['⌘Z', '⇧⌘Z'] : ['Ctrl+Z', 'Ctrl+Y']],
  [l10n.t('Cut, copy, paste as text'), isApple ? ['⌘X', '⌘C', '⌘V'] : ['Ctrl+X', 'Ctrl+C', 'Ctrl+V']],
];

const close = () => useOverlay.setState({ keysShown: false });

export function KeyList() {
  const shown = useOverlay((overlay) => overlay.keysShown);
  return shown ? <OpenKeyList /> : null;
}

function OpenKeyList() {
  const actions = useKeys((keys) => keys.actions);
  const groups = actionGroups.map((group) => ({
    group,
    rows: actions.filter(({ action, keys }) => graphAction(action).group === group && keys.length > 0),
  }));
  const title = l10n.t('Keyboard shortcuts of the graph');
  return (
    <Dialog
      label={title}
      title={title}
      closingKey="?"
      onClose={close}
      actions={
        <IconButton
          icon="edit"
          text={l10n.t('Change keys…')}
          title={l10n.t('Open the keyboard shortcuts of VS Code')}
          onClick={() => {
            close();
            command('changeKeys');
          }}
        />
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys. */}
      <div className="key-groups" tabIndex={0}>
        {groups.map(({ group, rows }) => (
          <section key={group} aria-label={titles[group]()}>
            <h3>{titles[group]()}</h3>
            <dl>
              {rows.map(({ action, title, keys }) => (
                <Row
                  key={action}
                  title={title}
                  keys={keys.map(({ key, mac }) => keyText(isApple ? mac : key))}
                />
              ))}
            </dl>
          </section>
        ))}
        <section aria-label={l10n.t('Pointer and clipboard')}>
          <h3>{l10n.t('Pointer and clipboard')}</h3>
          <dl>
            {pointer().map(([title, keys]) => (
              <Row key={title} title={title} keys={keys} />
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}

function Row({ title, keys }: { readonly title: string; readonly keys: readonly string[] }) {
  return (
    <div className="key-row">
      <dt>{title}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  );
}
