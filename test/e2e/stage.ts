/** The servers, browsers and folders that the runner gives to the suites. */
import type { BrowserContext } from 'playwright-core';

export interface Settings {
  readonly [key: string]: unknown;
}

export interface Server {
  readonly origin: string;
  readonly logFile: string;
  /** Address of the workbench on a folder; `payload` as the web workbench takes it. */
  page(folder: string, payload?: { readonly [key: string]: string }): string;
  /** Gives the next window these user settings, and no keybindings of the person. */
  resetUser(settings: Settings): void;
  stop(): Promise<void>;
}

export interface Stage {
  readonly root: string;
  readonly vsix: string;
  /** Where screenshots and logs are kept. */
  readonly results: string;
  /** Removed after the run. */
  readonly temporary: string;
  startCodeServer(options: { readonly vsix: string; readonly settings?: Settings }): Promise<Server>;
  launchBrowser(profile: string): Promise<BrowserContext>;
}
