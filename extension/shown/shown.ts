/**
 * All text for VS Code goes through this file: messages, progress, status bar, quick pick, hovers, decorations,
 * diagnostics, outline, completion and log. Names and values from a repository are shown literally and have no effect.
 * `test/tidy/shown.test.ts` allows these calls nowhere else.
 */
import * as vscode from 'vscode';
import { pageOf } from './findingPage.ts';
import { code, longestMessage, plain } from './plain.ts';

const longestLabel = 100;
const longestDetail = 200;
/** The text of a problem: its place, what was expected, what was found and what to do, each perhaps with a quotation. */
const longestProblem = 2 * longestMessage;

/** A notification; resolves with the chosen action, or undefined. Actions are our own texts. */
export const showInformation = (message: string, ...actions: string[]) =>
  vscode.window.showInformationMessage(plain(message), ...actions);

export const showWarning = (message: string, ...actions: string[]) =>
  vscode.window.showWarningMessage(plain(message), ...actions);

export const showError = (message: string, ...actions: string[]) =>
  vscode.window.showErrorMessage(plain(message), ...actions);

/** Asks in a dialog before something is removed; resolves with whether the person agrees. */
export const askForConsent = async (question: string, action: string): Promise<boolean> =>
  (await vscode.window.showWarningMessage(plain(question), { modal: true }, action)) === action;

export type ReportProgress = (message: string, increment: number) => void;

/** A notification with a progress bar and a cancel button while the task runs. */
export const showProgressWhile = <T>(
  title: string,
  task: (report: ReportProgress, token: vscode.CancellationToken) => Promise<T>,
): Thenable<T> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(title, longestLabel), cancellable: true },
    (progress, token) =>
      task((message, increment) => progress.report({ message: plain(message), increment }), token),
  );

/** Asks where to export to a file with this ending. VS Code asks before a file is replaced. */
export const askWhereToSave = (proposed: vscode.Uri, ending: string, title: string) =>
  vscode.window.showSaveDialog({
    title: plain(title, longestLabel),
    defaultUri: proposed,
    filters: { [ending.toUpperCase()]: [ending] },
    saveLabel: vscode.l10n.t('Export'),
  });

/** Asks for a positive integer; resolves with undefined if the person cancels. */
export async function askNumber({
  title,
  prompt,
  value,
  most,
}: {
  readonly title: string;
  readonly prompt: string;
  readonly value: number;
  readonly most: number;
}): Promise<number | undefined> {
  const isOne = (text: string) => /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;
  const answer = await vscode.window.showInputBox({
    title,
    prompt,
    value: String(value),
    validateInput: (text) => (isOne(text) ? undefined : prompt),
  });
  return answer === undefined ? undefined : Number(answer);
}

export interface Choice<T> {
  readonly label: string;
  /** An icon of VS Code before the label. */
  readonly icon?: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

/** A list to choose from; resolves with the chosen value. */
export async function choose<T>(
  choices: readonly Choice<T>[],
  { title, placeHolder }: { readonly title?: string; readonly placeHolder: string },
): Promise<T | undefined> {
  const items = choices.map(({ label, icon, description, detail, value }) => ({
    label: withIcon(icon, label),
    ...(description === undefined ? {} : { description: plain(description, longestDetail) }),
    ...(detail === undefined ? {} : { detail: plain(detail, longestDetail) }),
    value,
  }));
  const options = { placeHolder, matchOnDetail: true, ...(title === undefined ? {} : { title }) };
  return (await vscode.window.showQuickPick(items, options))?.value;
}

function withIcon(icon: string | undefined, label: string): string {
  const shown = plain(label, longestLabel);
  return icon === undefined ? shown : `$(${icon}) ${shown}`.trimEnd();
}

/** An item at the left of the status bar. */
export class StatusItem {
  readonly #item: vscode.StatusBarItem;

  constructor(id: string, name: string, priority: number) {
    this.#item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, priority);
    this.#item.name = name;
  }

  /** Screen readers also read `tooltip` if the item has no text. */
  show(look: {
    readonly icon: string;
    readonly text?: string;
    readonly tooltip: readonly string[];
    readonly command: vscode.Command | string;
  }): void {
    this.#item.text = withIcon(look.icon, look.text ?? '');
    const tooltip = look.tooltip.map((line) => plain(line, longestDetail)).join('\n');
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = look.text ? undefined : { label: tooltip, role: 'button' };
    this.#item.command = look.command;
    this.#item.show();
  }

  hide(): void {
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/**
 * Markdown whose fixed parts are ours. A string that is filled in is shown as code and not interpreted; our own
 * sentences are filled in as `documentation`.
 */
export function markdown(
  parts: TemplateStringsArray,
  ...values: readonly (string | vscode.MarkdownString)[]
): vscode.MarkdownString {
  const filled = values.map((value) => (typeof value === 'string' ? code(value) : value.value));
  return documentation(
    parts.map((part, index) => (index === 0 ? part : `${filled[index - 1]}${part}`)).join(''),
  );
}

/** Our own sentences: documentation of kinds, meanings of statistics. They never contain text from a repository. */
export const documentation = (text: string): vscode.MarkdownString => new vscode.MarkdownString(text);

/** Our own drawing, an SVG document, with a description. An image cannot run or load anything. */
export const image = (svg: string, alternative: string): vscode.MarkdownString =>
  documentation(`![${alternative}](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`);

/** Whether drawings must be light on dark. */
export function isDark(): boolean {
  const { Dark, HighContrast } = vscode.ColorThemeKind;
  return [Dark, HighContrast].includes(vscode.window.activeColorTheme.kind);
}

export const hover = (parts: vscode.MarkdownString[], range: vscode.Range): vscode.Hover =>
  new vscode.Hover(parts, range);

/** Text beside the code, with its hover. `margin` is CSS, `color` the id of a theme colour. */
export const decoration = (
  range: vscode.Range,
  look: {
    readonly text: string;
    readonly margin: string;
    readonly color: string;
    readonly italic: boolean;
    readonly hover?: vscode.MarkdownString;
  },
): vscode.DecorationOptions => ({
  range,
  ...(look.hover ? { hoverMessage: look.hover } : {}),
  renderOptions: {
    after: {
      contentText: plain(look.text, longestDetail),
      margin: look.margin,
      color: new vscode.ThemeColor(look.color),
      ...(look.italic ? { fontStyle: 'italic' } : {}),
    },
  },
});

export function problem(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
  code: string | undefined,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, plain(message, longestProblem), severity);
  diagnostic.source = 'Netloom';
  const page = code === undefined ? undefined : pageOf(code);
  if (code !== undefined) diagnostic.code = page ? { value: code, target: page } : code;
  return diagnostic;
}

/** The code of a problem, whether or not it links to a page. */
export const codeOf = ({ code }: vscode.Diagnostic): string | undefined => {
  const value = typeof code === 'object' ? code.value : code;
  return value === undefined ? undefined : `${value}`;
};

/** An entry of the Test Explorer. `id` is never shown. Entries with an order are listed in it, the others by their labels. */
export const testItem = (
  controller: vscode.TestController,
  id: string,
  label: string,
  uri: vscode.Uri,
  order?: number,
): vscode.TestItem => {
  const item = controller.createTestItem(id, plain(label, longestLabel), uri);
  if (order !== undefined) item.sortText = String(order).padStart(3, '0');
  return item;
};

/** The message of a failed test, and its place. */
export function testMessage(message: string, location: vscode.Location): vscode.TestMessage {
  const shown = new vscode.TestMessage(plain(message, longestProblem));
  shown.location = location;
  return shown;
}

/** A line that the Test Explorer shows with the result of a test. Lines of a terminal end with both characters. */
export const writeTestOutput = (run: vscode.TestRun, line: string, item: vscode.TestItem): void =>
  run.appendOutput(`${plain(line, longestProblem)}\r\n`, undefined, item);

/** An entry of the outline. VS Code refuses one without a name. */
export function symbol(
  name: string,
  detail: string,
  kind: vscode.SymbolKind,
  whole: vscode.Range,
  ofName: vscode.Range,
  children: vscode.DocumentSymbol[] = [],
): vscode.DocumentSymbol {
  const shownName = plain(name, longestLabel).trim() || '?';
  const made = new vscode.DocumentSymbol(shownName, plain(detail, longestDetail), kind, whole, ofName);
  made.children = children;
  return made;
}

/** A completion item. The label may be a name from the text; a snippet is inserted, and the documentation is ours. */
export function completion(suggestion: {
  readonly label: string;
  readonly detail: string;
  readonly doc?: string;
  readonly kind: vscode.CompletionItemKind;
  readonly insert: string;
  readonly range: vscode.Range;
  /** The text typed so far is compared with this. */
  readonly filter: string;
  readonly order: number;
  /** The next suggestions are requested at once. */
  readonly goesOn: boolean;
}): vscode.CompletionItem {
  const item = new vscode.CompletionItem(plain(suggestion.label, longestLabel), suggestion.kind);
  item.detail = plain(suggestion.detail, longestDetail);
  if (suggestion.doc !== undefined) item.documentation = documentation(suggestion.doc);
  item.insertText = new vscode.SnippetString(suggestion.insert);
  item.filterText = suggestion.filter;
  item.range = suggestion.range;
  item.sortText = String(suggestion.order).padStart(6, '0');
  if (suggestion.goesOn) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}

/** Dimmed text within a line; the tooltip is text too. */
export function inlayHint(
  position: vscode.Position,
  label: string,
  tooltip: readonly string[],
): vscode.InlayHint {
  const hint = new vscode.InlayHint(position, plain(label, longestLabel));
  hint.paddingLeft = true;
  hint.tooltip = tooltip.map((line) => plain(line, longestDetail)).join('\n');
  return hint;
}

/** A command of ours above a line. */
export const codeLens = (
  range: vscode.Range,
  { icon, title, help }: { readonly icon: string; readonly title: string; readonly help: string },
  command: string,
  ...given: readonly unknown[]
): vscode.CodeLens =>
  new vscode.CodeLens(range, {
    title: withIcon(icon, title),
    tooltip: plain(help, longestDetail),
    command,
    arguments: [...given],
  });

/** A part of the text that opens a file when clicked. The resolver decides which file. */
export function documentLink(range: vscode.Range, tooltip: string): vscode.DocumentLink {
  const link = new vscode.DocumentLink(range);
  link.tooltip = plain(tooltip, longestDetail);
  return link;
}

/** A quick fix in the menu of the light bulb. */
export function quickFix(
  title: string,
  edit: vscode.WorkspaceEdit,
  problems: readonly vscode.Diagnostic[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(plain(title, longestLabel), vscode.CodeActionKind.QuickFix);
  action.edit = edit;
  action.diagnostics = [...problems];
  action.isPreferred = true;
  return action;
}

/** An entry of the same menu that runs one of our commands for problems. */
export function commandAction(
  title: string,
  command: string,
  given: readonly unknown[],
  problems: readonly vscode.Diagnostic[],
): vscode.CodeAction {
  const shownTitle = plain(title, longestLabel);
  const action = new vscode.CodeAction(shownTitle, vscode.CodeActionKind.QuickFix);
  action.command = { title: shownTitle, command, arguments: [...given] };
  action.diagnostics = [...problems];
  return action;
}

/** An entry of a tree. `icon` is one of VS Code's; the lines are its tooltip, and the spoken text is for screen readers. */
export function treeItem(look: {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color?: string | undefined;
  readonly lines: readonly string[];
  readonly spoken: readonly string[];
  readonly context?: string | undefined;
  readonly hasChildren: boolean;
}): vscode.TreeItem {
  const state = look.hasChildren
    ? vscode.TreeItemCollapsibleState.Collapsed
    : vscode.TreeItemCollapsibleState.None;
  const item = new vscode.TreeItem(plain(look.label, longestLabel).trim() || '?', state);
  item.id = look.id;
  item.description = plain(look.description, longestDetail);
  item.iconPath = new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
  item.tooltip = look.lines.map((line) => plain(line, longestDetail)).join('\n');
  const spoken = look.spoken.filter((part) => part !== '').map((part) => plain(part, longestDetail));
  item.accessibilityInformation = { label: spoken.join(', ') };
  if (look.context !== undefined) item.contextValue = look.context;
  return item;
}

/** The effect of dropping a file; nothing is inserted where it was dropped. */
export function dropEdit(
  title: string,
  kind: vscode.DocumentDropOrPasteEditKind,
  edit: vscode.WorkspaceEdit,
): vscode.DocumentDropEdit {
  const made = new vscode.DocumentDropEdit('', plain(title, longestLabel), kind);
  made.additionalEdit = edit;
  return made;
}

/** The same for pasting. */
export function pasteEdit(
  title: string,
  kind: vscode.DocumentDropOrPasteEditKind,
  edit: vscode.WorkspaceEdit,
): vscode.DocumentPasteEdit {
  const made = new vscode.DocumentPasteEdit('', plain(title, longestLabel), kind);
  made.additionalEdit = edit;
  return made;
}

/** The message that VS Code shows beside the cursor when something is impossible. */
export const refusal = (message: string): Error => new Error(plain(message));
