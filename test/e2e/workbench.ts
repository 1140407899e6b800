/** The workbench as a person uses it: the keyboard, the pointer and what is visible. */
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';

const patience = 60_000;

/** Calls `probe` until it returns something other than undefined or false. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  limit = patience,
): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${limit / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export class Workbench {
  /** Violations of the content policy that the browser reports, and errors that the graph editor throws. */
  readonly violations: string[] = [];
  #isExtensionKnown = false;

  private constructor(
    readonly page: Page,
    readonly results: string,
  ) {
    mkdirSync(path.join(results, 'screenshots'), { recursive: true });
    page.setDefaultTimeout(patience);
    page.on('console', (message) => {
      const text = message.text();
      appendFileSync(path.join(results, 'e2e-console.log'), `${message.type()}: ${text}\n`);
      const ours = message.location().url.includes('/dist/webview');
      if (/Content Security Policy|Refused to/i.test(text) || (ours && message.type() === 'error'))
        this.violations.push(text);
    });
    page.on('pageerror', (error) => {
      if (/dist\/webview/.test(error.stack ?? '')) this.violations.push(String(error.stack));
    });
  }

  static async open(browser: BrowserContext, url: string, results: string): Promise<Workbench> {
    const workbench = new Workbench(browser.pages()[0] ?? (await browser.newPage()), results);
    await workbench.page.goto(url);
    await workbench.page.locator('.monaco-workbench').waitFor();
    return workbench;
  }

  async reload(): Promise<void> {
    this.#isExtensionKnown = false;
    await this.page.reload();
    await this.page.locator('.monaco-workbench').waitFor();
  }

  screenshot(name: string): Promise<Buffer> {
    return this.page.screenshot({ path: path.join(this.results, 'screenshots', `${name}.png`) });
  }

  get #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  /** Opens a quick input by its key. Presses the key again only if the workbench was not ready for it. */
  #openQuickInput(key: string): Promise<unknown> {
    return until(`${key} opens its quick input`, async () => {
      if (await this.#quickInput.isVisible()) return true;
      await this.page.keyboard.press(key);
      return this.#quickInput.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });
  }

  /** The place in the open quick input of the row with a label, or nothing. */
  async #rowOf(label: string): Promise<number | undefined> {
    // A row's name is its label, followed by its key binding or category if it has one.
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const labels = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    const found = labels.findIndex((name) => name === label || name.startsWith(`${label},`));
    return found >= 0 ? found : undefined;
  }

  async #chooseRow(index: number): Promise<void> {
    for (let step = 0; step < index; step++) await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }

  /** Filters the open quick input to a row, and chooses it. */
  async #choose(text: string, label: string): Promise<void> {
    await this.#quickInput.fill(text);
    await this.#chooseRow(await until(`the list offers ${label}`, () => this.#rowOf(label)));
  }

  /**
   * Opens a quick input by its key, filters it to a row, and returns the place of that row. Does all of it again while the row is
   * missing, as a person would: VS Code closes a quick input when it moves the focus, and a list shows what was known when it opened.
   */
  #offered(key: string, text: string, label: string): Promise<number> {
    return until(`${key} offers ${label}`, async () => {
      await this.#openQuickInput(key);
      const filtered = await this.#quickInput.fill(text, { timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (!filtered) return undefined;
      const row = await until(`the list offers ${label}`, () => this.#rowOf(label), 5000).catch(
        () => undefined,
      );
      if (row === undefined) await this.#dismiss();
      return row;
    });
  }

  async #open(key: string, text: string, label: string): Promise<void> {
    await this.#chooseRow(await this.#offered(key, text, label));
  }

  #dismiss(): Promise<unknown> {
    return until('Escape closes the quick input', async () => {
      await this.page.keyboard.press('Escape');
      return this.#quickInput.waitFor({ state: 'hidden', timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });
  }

  /** Runs a command by its title in the command palette, e.g. "Netloom: Train". */
  async command(title: string): Promise<void> {
    await this.#open('F1', `>${title}`, title);
    await this.#quickInput.waitFor({ state: 'hidden' });
  }

  /** Chooses a row of the quick pick that has just opened. The name of its icon may precede the label. */
  async pick(label: string): Promise<void> {
    await this.#quickInput.fill(label, { timeout: 10_000 });
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.#quickInput.waitFor({ state: 'hidden' });
  }

  /** VS Code opens a network as text until it knows the extension's editor. It learns of editors and commands at the same time. */
  async #extensionKnown(): Promise<void> {
    if (this.#isExtensionKnown) return;
    await this.#offered('F1', '>Netloom: New Network', 'Netloom: New Network');
    await this.#dismiss();
    this.#isExtensionKnown = true;
  }

  async chooseTheme(theme: string): Promise<void> {
    await this.#open('F1', '>Preferences: Color Theme', 'Preferences: Color Theme');
    await this.page.locator('.quick-input-widget input[placeholder*="Theme"]').waitFor();
    await this.#choose(theme, theme);
    await this.#quickInput.waitFor({ state: 'hidden' });
  }

  /**
   * Opens a file of the workspace by name with quick open. VS Code moves the focus into the page of a graph when that page
   * has loaded, and closes the picker that a person has opened meanwhile; so this waits until the graph is drawn.
   */
  async openFile(name: string): Promise<void> {
    await this.#extensionKnown();
    await this.#open('Control+P', name, name);
    await this.#quickInput.waitFor({ state: 'hidden' });
    if (name.endsWith('.nn.json')) await this.graphDrawn(name);
  }

  /** Waits until the graph of a network is in front and drawn, which is after VS Code has moved the focus into it. */
  async graphDrawn(name: string): Promise<void> {
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).first().waitFor();
    await this.graph().locator('.react-flow__node').first().waitFor();
  }

  /** Writes keybindings of the person, as the editor of keybindings.json does. */
  async rebind(
    keys: readonly { readonly key: string; readonly command: string; readonly when?: string }[],
  ): Promise<void> {
    await this.command('Preferences: Open Keyboard Shortcuts (JSON)');
    const text = this.page.locator('.monaco-editor .view-lines').last();
    await text.waitFor();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(JSON.stringify(keys));
    await this.page.keyboard.press('Control+S');
    await until('the keys are saved', async () => !(await this.isDirty('keybindings.json')));
  }

  /** Opens a walkthrough by its title, as the Help menu does. */
  async walkthrough(title: string): Promise<void> {
    await this.#open('F1', '>Welcome: Open Walkthrough...', 'Welcome: Open Walkthrough...');
    await this.page.locator('.quick-input-widget input[placeholder*="walkthrough" i]').waitFor();
    await this.#choose(title, title);
    await this.#quickInput.waitFor({ state: 'hidden' });
  }

  tab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab[data-resource-name="${name}"]`).first();
  }

  async isDirty(name: string): Promise<boolean> {
    return (await this.tab(name).getAttribute('class'))?.split(' ').includes('dirty') ?? false;
  }

  /** The graph editor that is in view. */
  graph(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready:visible')
      .first()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  node(layer: string): Locator {
    return this.graph().locator(`.react-flow__node[data-id="${layer}"]`);
  }

  nodeNames(): Promise<string[]> {
    return this.graph()
      .locator('.react-flow__node')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-id') ?? ''));
  }

  edgeCount(): Promise<number> {
    return this.graph().locator('.react-flow__edge').count();
  }

  /** Lines of the visible text editor from top to bottom, with ordinary spaces and without the hints after them. */
  async textLines(): Promise<string[]> {
    const lines = await this.page.locator('.monaco-editor .view-lines .view-line').evaluateAll((all) =>
      all
        .map((line) => ({
          top: Number.parseFloat((line as HTMLElement).style.top),
          text: line.textContent ?? '',
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.map((line) => line.replaceAll('\u00a0', ' ').replace(/→ .*$/, ''));
  }

  /** Clicks into the visible line that contains `text`, near the left edge of the text, until the cursor is there. */
  async clickLine(text: string): Promise<void> {
    const line = this.page
      .locator('.monaco-editor .view-lines .view-line', { hasText: text.replaceAll(' ', '\u00a0') })
      .first();
    const cursorLine = this.page.locator('.monaco-editor .margin-view-overlays .active-line-number').last();
    // The editor redraws its lines while it scrolls or is resized, and then a click may land on another line.
    const place = (element: Locator) => element.boundingBox({ timeout: 3000 }).catch(() => null);
    await until(`the cursor is in the line ${text}`, async () => {
      const box = await place(line);
      if (!box) return false;
      const editor = (await this.page.locator('.monaco-editor .lines-content').last().boundingBox())!;
      const edge = (await this.page.locator('.monaco-editor .margin').last().boundingBox())!;
      await this.page.mouse.click(Math.max(editor.x, edge.x + edge.width) + 60, box.y + box.height / 2);
      return until(
        'the cursor follows the click',
        async () => {
          const [now, at] = [await place(line), await place(cursorLine)];
          const isThere = now !== null && at !== null && Math.abs(now.y - at.y) < now.height / 2;
          return isThere && (await this.cursor()) !== undefined;
        },
        3000,
      ).catch(() => false as const);
    });
  }

  /** Distance of a text from the left edge of the window, in pixels. */
  async placeOf(text: string): Promise<number> {
    const box = await this.page
      .locator('.monaco-editor .view-lines .view-line', { hasText: text.replaceAll(' ', '\u00a0') })
      .first()
      .evaluate((line) => {
        const words = [...line.querySelectorAll('span span')].find((span) => span.textContent?.trim());
        return words?.getBoundingClientRect().left;
      });
    return Math.round(box ?? -1);
  }

  /**
   * The position of the cursor, as in the status bar: both numbers count from 1. Undefined if no text editor is active, as when
   * VS Code moves the focus into the page of a graph that has just loaded.
   */
  async cursor(): Promise<{ readonly line: number; readonly column: number } | undefined> {
    const shown = await this.page
      .locator('.statusbar-item', { hasText: /Ln \d+, Col \d+/ })
      .allTextContents();
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(shown.join()) ?? [];
    return line === undefined ? undefined : { line: Number(line), column: Number(column) };
  }

  /** The decorations after the text of lines, by the text of the line. */
  async decorations(): Promise<Map<string, string>> {
    const found = await this.page.locator('.monaco-editor .view-lines .view-line').evaluateAll((all) =>
      all.map((line) => {
        const contents = [...line.querySelectorAll('span')].map(
          (span) => getComputedStyle(span, '::after').content,
        );
        const shown = contents.filter(
          (content) => content !== 'none' && content !== 'normal' && content !== '""',
        );
        return [line.textContent ?? '', shown.join('').replaceAll('"', '')] as const;
      }),
    );
    return new Map(found.filter(([, content]) => content !== ''));
  }

  /** On how many lines the first statistic is visible, and on how many lines all are. */
  async statisticsInView(): Promise<{ readonly begin: number; readonly whole: number }> {
    return this.page
      .locator('.monaco-editor')
      .last()
      .evaluate((editor) => {
        const firstFigure = 70;
        const minimap = editor.querySelector('.minimap')?.getBoundingClientRect();
        const right = minimap && minimap.width > 0 ? minimap.left : editor.getBoundingClientRect().right;
        const left = editor.querySelector('.margin')!.getBoundingClientRect().right;
        // A decoration is the ::after of an empty span, so the box of the span is that of the decoration.
        const places = [...editor.querySelectorAll('.view-line span')].flatMap((span) => {
          const { content, marginLeft } = getComputedStyle(span, '::after');
          if (!/\d/.test(content)) return [];
          const box = span.getBoundingClientRect();
          return [{ begin: box.left + Number.parseFloat(marginLeft), end: box.right }];
        });
        const begin = places.filter((place) => place.begin >= left && place.begin + firstFigure <= right);
        return { begin: begin.length, whole: begin.filter(({ end }) => end <= right).length };
      });
  }

  /** Drags with the pointer from one place to another, as slowly as a quick person does. */
  async drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 4, from.y + 4);
    await mouse.move(to.x, to.y, { steps: 40 });
    await mouse.up();
  }

  async centre(locator: Locator): Promise<{ x: number; y: number }> {
    const box = await locator.boundingBox();
    if (!box) throw new Error(`not in view: ${locator}`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** A place on the canvas with nothing near it, in page coordinates. */
  async emptySpot(): Promise<{ x: number; y: number }> {
    const pane = this.graph().locator('.react-flow__pane');
    const box = (await pane.boundingBox())!;
    const offset = await pane.evaluate((element) => {
      const bounds = element.getBoundingClientRect();
      const near = [-90, -45, 0, 45, 90].flatMap((x) => [-40, 0, 40].map((y) => [x, y] as const));
      const isFree = (x: number, y: number) => document.elementFromPoint(x, y) === element;
      for (let y = bounds.height - 60; y > 60; y -= 20) {
        for (let x = 110; x < bounds.width - 110; x += 20) {
          const free = near.every(([dx, dy]) => isFree(bounds.left + x + dx, bounds.top + y + dy));
          if (free) return { x, y };
        }
      }
      return undefined;
    });
    if (!offset) throw new Error('the canvas has no empty spot');
    return { x: box.x + offset.x, y: box.y + offset.y };
  }

  async clickCanvas(): Promise<void> {
    const { x, y } = await this.emptySpot();
    await this.page.mouse.click(x, y);
  }

  /** Waits for layout and animations after a change of size or theme. */
  settled(): Promise<void> {
    return this.page.waitForTimeout(800);
  }

  /** The rows of the Problems panel, when it is open. */
  async problems(): Promise<string[]> {
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    return rows.evaluateAll((all) => all.map((row) => row.textContent ?? ''));
  }
}
