/**
 * Why the text cannot be read, once it has been so for a while. Typing makes a text invalid for a moment, with every quotation mark;
 * what is said only then would come and go with each word.
 */
import { useEffect, useState } from 'react';
import { type EditorState, useEditor } from '../model/editor.ts';

/** Milliseconds since the text last changed. */
const patience = 1500;

export function useBroken(): EditorState['broken'] {
  const broken = useEditor((state) => state.broken);
  const there = broken !== undefined;
  // Of a text that can be read, no revision matters: what uses this hook is not rendered again with each edit.
  const revision = useEditor((state) => (state.broken ? state.revision : undefined));
  const [lasting, setLasting] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the text begins a new wait.
  useEffect(() => {
    const timer = setTimeout(() => setLasting(there), there ? patience : 0);
    return () => clearTimeout(timer);
  }, [there, revision]);
  return lasting ? broken : undefined;
}
