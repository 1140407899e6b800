/** A titled box above the page, which is dimmed and out of reach while the box is open. The graph has the focus afterwards. */
import * as l10n from '@vscode/l10n';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from '../controls/IconButton.tsx';
import { canvasControls } from '../model/canvasControls.ts';

interface DialogProps {
  /** The name for screen readers. */
  readonly label: string;
  readonly title: string;
  /** A key besides Escape that closes it: the one that opened it. */
  readonly closingKey?: string;
  /** Buttons beside the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  onClose(): void;
}

export function Dialog({ label, title, closingKey, actions, children, onClose }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  // A modal dialog of the browser keeps the focus to itself. It would begin with its first button.
  useEffect(() => {
    box.current?.showModal();
    box.current?.focus();
    // Only after it is gone can the graph have the focus.
    return () => canvasControls.current?.focus();
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-label={label}
      tabIndex={-1}
      onClose={onClose}
      // A click on the backdrop counts as one on the dialog itself.
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== closingKey) return;
        event.stopPropagation();
        event.preventDefault();
        onClose();
      }}
    >
      <header className="panel-header">
        <h2>{title}</h2>
        {actions}
        <IconButton icon="close" title={l10n.t('Close')} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
