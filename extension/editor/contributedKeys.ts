/** The keys of the graph as package.json contributes them, with their titles in the language of the window. */
import type { ContributedKeys } from '../../engine/protocol/editor.ts';
import { graphActionNames } from '../../engine/protocol/graphActions.ts';

export interface Contributes {
  readonly commands: readonly { readonly command: string; readonly title: string }[];
  readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac: string }[];
}

/** VS Code has put the translated titles into the manifest. */
export function contributedKeys({ commands, keybindings }: Contributes): readonly ContributedKeys[] {
  return graphActionNames.map((action) => {
    const id = `netloom.${action}`;
    return {
      action,
      title: commands.find(({ command }) => command === id)?.title ?? action,
      keys: keybindings.filter(({ command }) => command === id).map(({ key, mac }) => ({ key, mac })),
    };
  });
}
