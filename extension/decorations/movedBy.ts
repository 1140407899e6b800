/** Moves a position with the text around it when the text is edited. */
import * as vscode from 'vscode';

/** The position after edits, in the order in which VS Code lists them: from the end of the text to its start. */
export function movedBy(
  place: vscode.Position,
  changes: readonly vscode.TextDocumentContentChangeEvent[],
): vscode.Position {
  for (const { range, text } of changes) {
    if (place.isBefore(range.end)) {
      if (place.isAfter(range.start)) place = range.start;
      continue;
    }
    const lines = text.split('\n');
    const line = place.line - range.end.line + range.start.line + lines.length - 1;
    const inLastLine = place.line === range.end.line ? place.character - range.end.character : undefined;
    if (inLastLine === undefined) place = place.with(line);
    else {
      const offset = lines.length === 1 ? range.start.character : 0;
      place = new vscode.Position(line, offset + lines.at(-1)!.length + inLastLine);
    }
  }
  return place;
}
