/** The quick input of VS Code: the command palette, quick open, and the lists from which a command lets a person choose. */
import type { Locator, Page } from 'playwright-core';
import { soon, until } from './until.ts';

/** Milliseconds that the window gets to react before a step is repeated. */
export const reaction = 5000;

/** Whether an action that may take too long is done. */
export const worked = (action: Promise<unknown>): Promise<boolean> =>
  action.then(
    () => true,
    () => false,
  );

export class QuickInput {
  constructor(readonly page: Page) {}

  get #field(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  /** The row with a label. A row's name is its label, followed by its key binding or category; the name of an icon may precede it. */
  async #row(label: string): Promise<Locator | undefined> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const names = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    const found = names.findIndex((name) =>
      [name, name.replace(/^[\w~-]+\s+/, '')].some((one) => one === label || one.startsWith(`${label},`)),
    );
    return found >= 0 ? rows.nth(found) : undefined;
  }

  /**
   * Opens a quick input with `open` and waits for a row. Does all of it again while the row is missing, as a person would: VS Code
   * closes a quick input when it moves the focus, and a list shows what was known when it opened.
   */
  async #offered(open: () => Promise<unknown>, text: string, label: string): Promise<Locator | undefined> {
    if (!(await this.#field.isVisible())) {
      await open();
      if (!(await worked(this.#field.waitFor({ timeout: reaction })))) return undefined;
    }
    if (!(await worked(this.#field.fill(text, { timeout: reaction })))) return undefined;
    const row = await soon(() => this.#row(label), reaction);
    if (!row) await this.dismiss();
    return row;
  }

  /** Waits until a quick input offers a row, and closes it. */
  async offers(open: () => Promise<unknown>, text: string, label: string): Promise<void> {
    await until(
      `the list offers ${label}`,
      async () => (await this.#offered(open, text, label)) !== undefined,
    );
    await this.dismiss();
  }

  /**
   * Opens a quick input with `open`, filters it, and chooses a row. The row is clicked: if VS Code has closed the list, nothing is
   * hit and all is done again, whereas a key would reach whatever has the focus then.
   */
  async choose(open: () => Promise<unknown>, text: string, label: string): Promise<void> {
    await until(`${label} is chosen`, async () => {
      const row = await this.#offered(open, text, label);
      return row !== undefined && worked(row.click({ timeout: reaction }));
    });
    await this.movePointerAway();
  }

  async closed(): Promise<void> {
    await this.#field.waitFor({ state: 'hidden' });
  }

  async dismiss(): Promise<void> {
    await until('Escape closes the quick input', async () => {
      if (await this.#field.isHidden()) return true;
      await this.page.keyboard.press('Escape');
      return worked(this.#field.waitFor({ state: 'hidden', timeout: reaction }));
    });
  }

  /** To a place where nothing reacts to it. A pointer that rests on a text or a graph opens a hover, which covers what is around it. */
  async movePointerAway(): Promise<void> {
    const { width, height } = this.page.viewportSize()!;
    await this.page.mouse.move(width / 2, height - 3);
  }
}
