/** Waiting for conditions. A wait in vain says what the window showed at its end, because not every machine gives its pictures back. */
import type { Page } from 'playwright-core';
import { describeWindow } from './windowState.ts';

/** How long a step of a test may take. A machine may be many times slower than the one on which the test was written. */
export const patience = 120_000;

let page: Page | undefined;

/** The window that errors describe from now on. */
export function describeInErrors(opened: Page): void {
  page = opened;
}

/** Calls `probe` until it returns something other than undefined or false. Returns undefined if that takes too long. */
export async function soon<T>(
  probe: () => Promise<T | undefined | false>,
  limit: number,
): Promise<T | undefined> {
  const deadline = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The same, but it throws an error if that takes too long. A function as `what` is called at the end. */
export async function until<T>(
  what: string | (() => string),
  probe: () => Promise<T | undefined | false>,
  limit = patience,
): Promise<T> {
  const value = await soon(probe, limit);
  if (value !== undefined) return value;
  const expected = typeof what === 'string' ? what : what();
  const state = page ? await describeWindow(page) : 'There is no window.';
  throw new Error(`Waited ${limit / 1000} s in vain: ${expected}\n${state}`);
}
