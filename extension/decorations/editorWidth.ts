/** Estimates how many characters of a line a text editor shows. VS Code gives extensions only the widths of editor groups. */
import * as vscode from 'vscode';

/** As the command `vscode.getEditorLayout` describes it; sizes in pixels along the orientation, which alternates. */
interface Group {
  readonly size?: number;
  readonly groups?: readonly Group[];
}

export interface EditorLayout {
  /** 0: side by side; 1: one below the other. */
  readonly orientation: 0 | 1;
  readonly groups: readonly Group[];
}

/** Line numbers, the places for breakpoints and folding, and the scroll bar, in pixels. */
const margins = 90;
/** Width of a character relative to the font size; a little more than usual fonts need. */
const characterWidth = 0.61;

/** Pixels by view column, from the first; undefined if the layout does not contain it. */
export function groupWidths({ orientation, groups }: EditorLayout): readonly (number | undefined)[] {
  const widths = (inside: readonly Group[], sideBySide: boolean, across?: number): (number | undefined)[] =>
    inside.flatMap(({ size, groups: inner }) => {
      const width = sideBySide ? size : across;
      return inner ? widths(inner, !sideBySide, width) : [width];
    });
  return widths(groups, orientation === 0);
}

/** Empty if VS Code does not answer. */
export async function readGroupWidths(): Promise<readonly (number | undefined)[]> {
  try {
    return groupWidths(await vscode.commands.executeCommand<EditorLayout>('vscode.getEditorLayout'));
  } catch {
    return [];
  }
}

/** Characters of a line in view; undefined if the width of the editor's group is unknown. */
export function columnsOf(
  { viewColumn, document }: vscode.TextEditor,
  widths: readonly (number | undefined)[],
): number | undefined {
  const width = viewColumn === undefined ? undefined : widths[viewColumn - 1];
  if (width === undefined) return undefined;
  const fontSize = vscode.workspace.getConfiguration('editor', document).get('fontSize', 14);
  return Math.floor((width - margins) / (fontSize * characterWidth));
}
