/** Urgent messages: the text cannot be read, the file is read-only, or a gesture failed. */
import * as l10n from '@vscode/l10n';
import { Icon } from '../controls/Icon.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { command } from '../host.ts';
import { notify, useEditor } from '../model/editor.ts';
import { useBroken } from './useBroken.ts';

export function Banners() {
  const broken = useBroken();
  const readOnly = useEditor(({ readOnly, revision }) => readOnly && revision >= 0);
  const notice = useEditor((state) => state.notice);
  const isShown = useEditor(({ view }) => view !== undefined && view.layers.length > 0);
  const mistake = broken && l10n.t('Line {0}: {1}', broken.line, broken.message);
  const consequence = isShown
    ? l10n.t('The graph shows the last version that could be read.')
    : l10n.t('The graph appears when the text can be read.');
  return (
    <>
      {readOnly && !broken && (
        <div className="banner">
          <Icon name="lock" />
          <span className="banner-text">{l10n.t('This file is read-only.')}</span>
        </div>
      )}
      <div className="floating-banners" aria-live="polite">
        {broken && (
          <div className="banner error" role="alert">
            <Icon name="error" />
            <span className="banner-text" title={`${mistake} ${consequence}`}>
              {mistake} <span className="muted">{consequence}</span>
            </span>
            <IconButton
              icon="go-to-file"
              text={l10n.t('Open text')}
              title={l10n.t('Open the text beside the graph')}
              onClick={() => command('openTextToSide')}
            />
          </div>
        )}
        {notice && (
          <div className={`banner ${notice.severity}`}>
            <Icon name={notice.severity} />
            <span className="banner-text">{notice.message}</span>
            <IconButton icon="close" title={l10n.t('Dismiss')} onClick={() => notify(undefined)} />
          </div>
        )}
      </div>
    </>
  );
}
