import type { BrowserContext } from 'playwright-core';

export const browserAdvice: string;
export function findBrowser(): string | undefined;
export function launchBrowser(
  profile: string,
  viewport?: { readonly width: number; readonly height: number },
): Promise<BrowserContext>;
