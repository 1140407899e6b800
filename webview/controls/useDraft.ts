/**
 * A text being typed. It is separate from the value until Enter or blur commits it as one edit; Escape discards it, or belongs to what is
 * around the field if there is nothing to discard.
 * Undo inside a field belongs to the field; VS Code would otherwise undo the document.
 */
import { useEffect, useState } from 'react';

interface Draft {
  readonly value: string;
  readonly onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  readonly onBlur: () => void;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
}

/** `commit` is called only when the text has changed; with `multiline`, Enter is a line break. */
export function useDraft(value: string, commit: (text: string) => void, multiline = false): Draft {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const finish = () => {
    if (draft !== value) commit(draft);
  };
  return {
    value: draft,
    onChange: ({ target }) => setDraft(target.value),
    onBlur: finish,
    onKeyDown: (event) => {
      const command = event.ctrlKey || event.metaKey;
      if (event.key === 'Enter' && (!multiline || command)) finish();
      else if (event.key === 'Escape' && draft !== value) setDraft(value);
      else if (command && event.key.toLowerCase() === 'z')
        document.execCommand(event.shiftKey ? 'redo' : 'undo');
      else if (command && event.key.toLowerCase() === 'y') document.execCommand('redo');
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
