import type { BrowserContext } from 'playwright-core';

export function launchBrowser(
  profile: string,
  viewport?: { readonly width: number; readonly height: number },
): Promise<BrowserContext>;
