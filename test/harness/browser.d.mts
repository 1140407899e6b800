import type { BrowserContext } from 'playwright-core';

export function launchBrowser(profile: string, flags?: readonly string[]): Promise<BrowserContext>;
