/** The open networks: every `*.nn.json` document with its analysis, computed once for each version of the text. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type Diagnosed, diagnose } from '../engine/diagnose/check.ts';
import type { Analysis } from '../engine/graph/typed.ts';
import { longestText, NetworkText } from '../engine/language/networkText.ts';
import type { Range, TextChange } from '../engine/spec/document.ts';
import { forgetTexts } from '../engine/spec/syntax.ts';
import { DataInputs } from './dataInputs.ts';
import { findingLimits } from './findingLimits.ts';
import { onSettings } from './settings.ts';

export const networkSuffix = '.nn.json';

export const networkSelector: vscode.DocumentSelector = { pattern: `**/*${networkSuffix}` };

/** Typing pauses this long, in milliseconds, before the network is analysed again. */
const quietTime = 150;

/** Copies that runs keep under `.netloom` are records, not networks to edit and train. */
export function isNetwork({ path }: vscode.Uri): boolean {
  return path.endsWith(networkSuffix) && !path.includes('/.netloom/');
}

/** "lenet" for "…/lenet.nn.json". */
export function networkName(uri: vscode.Uri): string {
  const file = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  return file.endsWith(networkSuffix) ? file.slice(0, -networkSuffix.length) : file;
}

/** The folder for exported files: beside the network or, if it was never saved, the folder of the workspace, if there is one. */
export const saveFolderOf = (uri: vscode.Uri): vscode.Uri =>
  uri.scheme === 'untitled'
    ? (vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.resolve('/')))
    : vscode.Uri.joinPath(uri, '..');

/** The folder and the file name by which a network's runs are found; undefined if it was never saved. */
export function placeOf(uri: vscode.Uri): { readonly folder: string; readonly network: string } | undefined {
  if (uri.scheme !== 'file') return undefined;
  return { folder: path.dirname(uri.fsPath), network: path.basename(uri.fsPath) };
}

/** The folder to which the paths in a network are relative; undefined if it was never saved and belongs to no folder. */
export function folderOf(uri: vscode.Uri): vscode.Uri | undefined {
  const isPlaced = uri.scheme !== 'untitled' || uri.path.startsWith('/');
  return isPlaced ? vscode.Uri.joinPath(uri, '..') : undefined;
}

export function toRange(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Applies one edit, which is one undo step. */
export function toWorkspaceEdit(
  document: vscode.TextDocument,
  changes: readonly TextChange[],
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, text } of changes)
    edit.replace(document.uri, toRange(document, { start: offset, end: offset + length }), text);
  return edit;
}

/** The layer whose text contains `offset`, if there is one. */
export function layerAt(analysis: Analysis, offset: number): string | undefined {
  for (const [name, { whole }] of analysis.layerRanges)
    if (offset >= whole.start && offset < whole.end) return name;
  return undefined;
}

interface Known {
  readonly version: number;
  readonly analysis: Diagnosed;
  readonly lastReadable: Analysis | undefined;
  /** Created when a language feature first needs it. */
  network?: NetworkText;
}

export class Networks {
  readonly #known = new Map<string, Known>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #inputs = new DataInputs((uri) => this.#readData(uri));
  readonly #analyzed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #closed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #dataRead = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #disposables: vscode.Disposable[];

  /** Fires when a network was opened, or when its text has changed and typing has paused. */
  readonly onDidAnalyze = this.#analyzed.event;
  readonly onDidClose = this.#closed.event;
  /** Fires when the data of a network turn out to be others than its analysis has assumed. */
  readonly onDidReadData = this.#dataRead.event;

  constructor() {
    this.#disposables = [
      this.#analyzed,
      this.#closed,
      this.#dataRead,
      this.#inputs,
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#schedule(document, quietTime);
      }),
      onSettings(['diagnosis.limits'], () => this.#analyzeAgain()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#analyzeAgain()),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  /**
   * Calls `act` when a network, or the copy of one, is open: now, or once the first one is opened, before anything can be asked about
   * it.
   */
  whenOpen(act: () => void): vscode.Disposable {
    const isOne = ({ uri: { path } }: vscode.TextDocument) => path.endsWith(networkSuffix);
    if (vscode.workspace.textDocuments.some(isOne)) {
      act();
      return vscode.Disposable.from();
    }
    const listener = vscode.workspace.onDidOpenTextDocument((document) => {
      if (!isOne(document)) return;
      listener.dispose();
      act();
    });
    return listener;
  }

  get open(): vscode.TextDocument[] {
    return vscode.workspace.textDocuments.filter((document) => isNetwork(document.uri));
  }

  /** Analysis of the current text. */
  analysis(document: vscode.TextDocument): Diagnosed {
    const key = document.uri.toString();
    const known = this.#known.get(key);
    if (known?.version === document.version) return known.analysis;
    const analysis = diagnose(document.getText(), {
      limits: findingLimits(document.uri),
      inputOf: (data) =>
        document.isClosed ? undefined : this.#inputs.of(document.uri, folderOf(document.uri), data),
    });
    const lastReadable = analysis.readable ? analysis : known?.lastReadable;
    if (!document.isClosed) this.#known.set(key, { version: document.version, analysis, lastReadable });
    return analysis;
  }

  /** Analysis of the last text that could be read: during typing it often cannot. */
  lastReadable(document: vscode.TextDocument): Analysis | undefined {
    const analysis = this.analysis(document);
    return analysis.readable ? analysis : this.#known.get(document.uri.toString())?.lastReadable;
  }

  /**
   * The current text, for language features; undefined if it is too long for them to answer at once. Layers are those
   * of the last text that could be read.
   */
  network(document: vscode.TextDocument, longest = longestText): NetworkText | undefined {
    const text = document.getText();
    if (text.length > longest) return undefined;
    const { input } = this.analysis(document);
    const analysis = this.lastReadable(document) ?? this.analysis(document);
    const known = this.#known.get(document.uri.toString());
    if (known?.version !== document.version) return new NetworkText(text, analysis, input?.shape);
    known.network ??= new NetworkText(text, analysis, input?.shape);
    return known.network;
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #schedule(document: vscode.TextDocument, delay: number): void {
    if (!isNetwork(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => {
        this.#waiting.delete(key);
        if (!document.isClosed) this.#analyzed.fire(document);
      }, delay),
    );
  }

  #readData(uri: vscode.Uri): void {
    const document = this.open.find((one) => one.uri.toString() === uri.toString());
    if (!document) return;
    this.#known.delete(uri.toString());
    this.#schedule(document, 0);
    this.#dataRead.fire(document);
  }

  /** With other limits the same texts have other findings, and in a trusted workspace data are read. */
  #analyzeAgain(): void {
    for (const document of this.open) {
      this.#known.delete(document.uri.toString());
      this.#schedule(document, 0);
    }
  }

  #forget(document: vscode.TextDocument): void {
    if (!isNetwork(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#known.delete(key);
    this.#inputs.forget(document.uri);
    forgetTexts();
    this.#closed.fire(document);
  }
}
