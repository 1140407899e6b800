/** What a person must know at once: the text cannot be read, the file is read-only, a gesture did not work. */
import * as l10n from '@vscode/l10n';
import { Icon } from '../controls/Icon.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { command } from '../host.ts';
import { notify, useEditor } from '../model/editor.ts';

export function Banners() {
  const broken = useEditor((state) => state.broken);
  const readOnly = useEditor(({ readOnly, revision }) => readOnly && revision >= 0);
  const notice = useEditor((state) => state.notice);
  return (
    <div className="banners" aria-live="polite">
      {broken && (
        <div className="banner error" role="alert">
          <Icon name="error" />
          <span className="banner-text">
            {l10n.t('Line {0}: {1}', broken.line, broken.message)}{' '}
            <span className="muted">{l10n.t('The graph shows the last state that could be read.')}</span>
          </span>
          <IconButton
            icon="go-to-file"
            text={l10n.t('Open text')}
            title={l10n.t('Open the text beside the graph')}
            onClick={() => command('openText')}
          />
        </div>
      )}
      {readOnly && !broken && (
        <div className="banner">
          <Icon name="lock" />
          <span className="banner-text">{l10n.t('This file is read-only.')}</span>
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
  );
}
