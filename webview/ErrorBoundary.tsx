/** Shown instead of the editor when rendering fails: the reason, and a way to the text. The page is never blank. */
import * as l10n from '@vscode/l10n';
import { Component, type ReactNode } from 'react';
import { IconButton } from './controls/IconButton.tsx';
import { command, reload } from './host.ts';

interface State {
  readonly error?: unknown;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error: error ?? new Error('unknown') };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="failure" role="alert">
        <h2>{l10n.t('The graph cannot be shown')}</h2>
        <p>
          {l10n.t(
            'The network itself is safe: it is stored as text in the file, where you can continue to work.',
          )}
        </p>
        <pre>{error instanceof Error ? error.message : String(error)}</pre>
        <div className="failure-actions">
          <IconButton
            icon="go-to-file"
            text={l10n.t('Open as text')}
            title={l10n.t('Open the text beside the graph')}
            onClick={() => command('openTextToSide')}
          />
          <IconButton
            icon="refresh"
            text={l10n.t('Try again')}
            title={l10n.t('Redraw the graph')}
            onClick={() => {
              void reload();
              this.setState({ error: undefined });
            }}
          />
        </div>
      </div>
    );
  }
}
