/**
 * The extension's log: in the Output panel, and its last lines in memory. Where VS Code cannot write logs, as on
 * servers without its native module, the Output panel stays empty; *Show Log* then opens the lines as a document.
 */
import * as vscode from 'vscode';
import { logged } from '../../engine/schema/plainText.ts';

export interface Log extends Pick<vscode.LogOutputChannel, 'info' | 'warn' | 'error' | 'dispose'> {
  /** Shows the log in a place where it can be read. */
  show(): void;
}

const scheme = 'netloom-log';
const mostLines = 2000;
/** How long VS Code may take to write the first lines, in milliseconds. */
const writingPatience = 1500;

/** `folder` is where VS Code keeps the logs of this extension. */
export function createLog(name: string, folder: vscode.Uri): Log {
  const channel = vscode.window.createOutputChannel(name, { log: true });
  const file = vscode.Uri.joinPath(folder, `${name}.log`);
  const copy = new LogCopy(name);
  const write = (level: 'info' | 'warn' | 'error', text: string) => {
    copy.add(level, text);
    channel[level](text);
  };
  const show = async () => {
    const silent = channel.logLevel === vscode.LogLevel.Off;
    if (silent || copy.isEmpty || (await isWritten(file))) channel.show();
    else await copy.show();
  };
  return {
    info: (message) => write('info', logged(message)),
    warn: (message) => write('warn', logged(message)),
    error: (message) =>
      write('error', logged(message instanceof Error ? (message.stack ?? message.message) : message)),
    show: () => void show(),
    dispose: () => {
      copy.dispose();
      channel.dispose();
    },
  };
}

async function isWritten(file: vscode.Uri): Promise<boolean> {
  for (const deadline = Date.now() + writingPatience; ; ) {
    const size = await vscode.workspace.fs.stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0) return true;
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The last lines as a read-only document that grows while it is open. */
class LogCopy {
  readonly #uri: vscode.Uri;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #provider: vscode.Disposable;
  #lines: string[] = [];

  constructor(name: string) {
    this.#uri = vscode.Uri.from({ scheme, path: `${name}.log` });
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: () => this.#lines.join('\n'),
    });
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  add(level: string, text: string): void {
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    this.#lines.push(`${time} [${level}] ${text}`);
    if (this.#lines.length > mostLines) this.#lines = this.#lines.slice(-mostLines / 2);
    this.#changed.fire(this.#uri);
  }

  async show(): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#uri);
    await vscode.languages.setTextDocumentLanguage(document, 'log');
    await vscode.window.showTextDocument(document, { preview: false });
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }
}
