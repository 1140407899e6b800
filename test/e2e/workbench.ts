/** The workbench as a person uses it: the keyboard, the pointer and what is visible. */
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { QuickInput, reaction, worked } from './quickInput.ts';
import { clickLine, hoverLine } from './textEditor.ts';
import { describeInErrors, patience, until } from './until.ts';
import { describeWindow, placesIn } from './windowState.ts';

export class Workbench {
  /** Violations of the content policy that the browser reports, and errors that the graph editor throws. */
  readonly violations: string[] = [];
  readonly #quickInput: QuickInput;
  #isExtensionKnown = false;

  private constructor(
    readonly page: Page,
    readonly results: string,
  ) {
    mkdirSync(path.join(results, 'screenshots'), { recursive: true });
    page.setDefaultTimeout(patience);
    describeInErrors(page);
    this.#quickInput = new QuickInput(page);
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

  static async open(page: Page, url: string, results: string): Promise<Workbench> {
    const workbench = new Workbench(page, results);
    await workbench.page.goto(url);
    await workbench.page.locator('.monaco-workbench').waitFor();
    return workbench;
  }

  async reload(): Promise<void> {
    this.#isExtensionKnown = false;
    await this.page.reload();
    await this.page.locator('.monaco-workbench').waitFor();
  }

  /** Leaves the window as a person does, who closes its tab: its extension host ends. */
  async close(): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.close();
  }

  /** For people. No test depends on it. */
  async screenshot(name: string): Promise<void> {
    const file = path.join(this.results, 'screenshots', `${name}.png`);
    await this.page
      .screenshot({ path: file })
      .catch((error: Error) => console.log(`      There is no picture ${name}: ${error.message}`));
  }

  /** Keeps a picture of a failed test, and prints what the window shows. */
  async keepFailure(name: string): Promise<void> {
    console.log(`      The window at the end:\n${await describeWindow(this.page)}`);
    await this.screenshot(name);
  }

  readonly #palette = (): Promise<void> => this.page.keyboard.press('F1');

  /** Runs a command by its title in the command palette, e.g. "Netloom: Train". */
  async command(title: string): Promise<void> {
    await this.#startCommand(title);
    await this.#quickInput.closed();
  }

  /** The same for a command that lets the person choose from a list. */
  #startCommand(title: string): Promise<void> {
    return this.#quickInput.choose(this.#palette, `>${title}`, title);
  }

  /** Chooses a row of the list that `open` opens. */
  async pick(open: () => Promise<unknown>, label: string): Promise<void> {
    await this.#quickInput.choose(open, label, label);
    await this.#quickInput.closed();
  }

  /**
   * VS Code opens a network as text until it has registered the editors of extensions. It does so when it is idle, after it has
   * learned of the extension. What waits to be idle is called in turn, so that what waits last knows that the others were called.
   */
  async #extensionKnown(): Promise<void> {
    if (this.#isExtensionKnown) return;
    await this.#quickInput.offers(this.#palette, '>Netloom: New Network', 'Netloom: New Network');
    await this.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    this.#isExtensionKnown = true;
  }

  chooseTheme(theme: string): Promise<void> {
    const open = async () => {
      await this.#startCommand('Preferences: Color Theme');
      await worked(
        this.page.locator('.quick-input-widget input[placeholder*="Theme"]').waitFor({ timeout: reaction }),
      );
    };
    return this.pick(open, theme);
  }

  /**
   * Opens a file of the workspace by name with quick open. VS Code moves the focus into the page of a graph when that page
   * has loaded, and closes the picker that a person has opened meanwhile; so this waits until the graph is drawn.
   */
  async openFile(name: string): Promise<void> {
    await this.#extensionKnown();
    await this.pick(() => this.page.keyboard.press('Control+P'), name);
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
    const name = 'keybindings.json';
    await this.command('Preferences: Open Keyboard Shortcuts (JSON)');
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.monaco-editor.focused').waitFor();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(JSON.stringify(keys));
    await until('the keys are there', () => this.isDirty(name));
    await this.page.keyboard.press('Control+S');
    await until('the keys are saved', async () => !(await this.isDirty(name)));
  }

  /** Opens a walkthrough by its title, as the Help menu does. */
  walkthrough(title: string): Promise<void> {
    const open = async () => {
      await this.#startCommand('Welcome: Open Walkthrough...');
      await worked(
        this.page
          .locator('.quick-input-widget input[placeholder*="walkthrough" i]')
          .waitFor({ timeout: reaction }),
      );
    };
    return this.pick(open, title);
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

  /** Takes the focus from a text and gives it to the page of the graph at once, as VS Code does late when a picker has closed. */
  async graphTakesFocus(): Promise<void> {
    await this.page.evaluate(() => {
      const [text, graph] = ['.monaco-editor .native-edit-context', 'iframe.webview.ready'].map(
        (selector) => document.querySelector<HTMLElement>(selector)!,
      );
      text.focus();
      graph.focus();
    });
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

  /** Clicks into the first line that contains `text`, near the left edge of the text, until the cursor is there. */
  clickLine(text: string): Promise<void> {
    return clickLine(this.page, text, () => this.#quickInput.movePointerAway());
  }

  /** Lets the pointer rest on the first line that contains `text`, until a hover opens. */
  hoverLine(text: string): Promise<void> {
    return hoverLine(this.page, text);
  }

  /** Distance of the text of a line from the left edge of the window, in pixels. */
  async placeOf(text: string): Promise<number> {
    const place = await until(`the line ${text} is drawn`, () =>
      this.page.evaluate(
        (words) => {
          const lines = [...document.querySelectorAll('.monaco-editor .view-lines .view-line')];
          const line = lines.find(({ textContent }) => textContent?.includes(words));
          const spans = [...(line?.querySelectorAll('span span') ?? [])];
          return spans.find(({ textContent }) => textContent?.trim())?.getBoundingClientRect().left;
        },
        text.replaceAll(' ', '\u00a0'),
      ),
    );
    return Math.round(place);
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

  /** Waits until nothing in the window moves: after a change of size or theme, and before a click or a drag at a computed place. */
  async settled(): Promise<void> {
    let before: string | undefined;
    await until('the window is at rest', async () => {
      const now = await placesIn(this.page);
      if (now === before) return true;
      before = now;
      await this.page.waitForTimeout(400);
      return false;
    });
  }

  /** The rows of the Problems panel, when it is open. */
  async problems(): Promise<string[]> {
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    return rows.evaluateAll((all) => all.map((row) => row.textContent ?? ''));
  }
}
