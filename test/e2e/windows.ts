/**
 * Windows of VS Code, one for each suite. They share a server with the installed extension and a browser, which take long to start,
 * but nothing that one of them could leave to another.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import type { Server, Settings, Stage } from './stage.ts';
import { Workbench } from './workbench.ts';

/** Where the window keeps what it knows of a person: recent commands, finished steps of a walkthrough, the memory of extensions. */
const memory = 'indexeddb,local_storage,service_workers';

export class Windows {
  #server: Server | undefined;
  #browser: BrowserContext | undefined;

  constructor(readonly stage: Stage) {}

  async start(): Promise<void> {
    const { vsix, temporary } = this.stage;
    this.#server = await this.stage.startCodeServer({ vsix });
    this.#browser = await this.stage.launchBrowser(path.join(temporary, 'profile'));
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    if (this.#server)
      writeFileSync(path.join(this.stage.results, 'e2e-server.log'), readFileSync(this.#server.logFile));
    await this.#server?.stop();
  }

  example(name: string): string {
    return readFileSync(path.join(this.stage.root, 'examples', name), 'utf8');
  }

  /** The folder of a suite. */
  folder(name: string): string {
    return path.join(this.stage.temporary, name);
  }

  /** Opens a folder as a person does who has never opened a window before. */
  async open(folder: string, settings: Settings): Promise<Workbench> {
    const [server, browser] = [this.#server!, this.#browser!];
    server.resetUser(settings);
    const page = await browser.newPage();
    const session = await browser.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin: server.origin, storageTypes: memory });
    return Workbench.open(page, server.page(folder), this.stage.results);
  }
}

/** The files of a suite's folder by name, and settings in addition to the usual ones. */
export interface Scene {
  readonly files?: { readonly [name: string]: string };
  readonly settings?: Settings;
}

/** Gives a suite a window: opens it before the tests, closes it after them, and keeps a picture of each test that fails. */
export function inWindow(
  windows: Windows,
  name: string,
  { files = {}, settings = {} }: Scene,
  opened: (workbench: Workbench) => void,
): void {
  let workbench: Workbench | undefined;

  before(`opens a window on ${name}`, async () => {
    const folder = windows.folder(name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    workbench = await windows.open(folder, { 'workbench.colorTheme': 'Dark Modern', ...settings });
    opened(workbench);
  });

  afterEach(async function () {
    const { state, title = '' } = this.currentTest ?? {};
    if (state === 'failed')
      await workbench?.keepFailure(`${name}-failure-${title.replace(/\W+/g, '-').slice(0, 60)}`);
  });

  after(() => workbench?.close());
}
