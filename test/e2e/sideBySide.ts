/** Text beside the graph: a person types in it and reads the statistics beside its lines, whatever the graph shows. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from './until.ts';
import { inWindow, type Windows } from './windows.ts';
import type { Workbench } from './workbench.ts';

const small = 'small.nn.json';
const deep = 'deep.nn.json';
const long = 'long.nn.json';

/** Milliseconds between the keys of a quick typist, and between the repetitions of a key that is held down. */
const betweenKeys = 30;
const betweenRepeats = 33;

/** A chain of sixty layers, one on each line. */
function deepNetwork(): string {
  const lines = ['"input": { "type": "input", "shape": [8] }'];
  for (let index = 1, last = 'input'; lines.length < 60; index++) {
    lines.push(`"dense${index}": { "type": "dense", "from": "${last}", "units": 8 }`);
    last = `relu${index}`;
    lines.push(`"${last}": { "type": "relu", "from": "dense${index}" }`);
  }
  return `{\n  "format": 1,\n  "layers": {\n    ${lines.slice(0, 60).join(',\n    ')}\n  }\n}\n`;
}

/** Settings with which the text is exactly what is typed. */
const plainTyping = {
  'editor.stickyScroll.enabled': false,
  '[netloom]': {
    'editor.quickSuggestions': { strings: 'off', other: 'off', comments: 'off' },
    'editor.suggestOnTriggerCharacters': false,
    'editor.autoClosingBrackets': 'never',
    'editor.autoClosingQuotes': 'never',
    'editor.autoIndent': 'none',
  },
};

export function describeSideBySide(windows: Windows): void {
  describe('Text beside the graph', () => {
    const workspace = windows.folder('side-by-side');
    let workbench: Workbench;

    const onDisk = (name: string) => readFileSync(path.join(workspace, name), 'utf8');

    const example = windows.example('first-network.nn.json');
    const files = {
      [small]: example,
      [deep]: deepNetwork(),
      [long]: example.replace(/"epochs": \d+/, '"epochs": 500'),
    };
    inWindow(windows, 'side-by-side', { files, settings: plainTyping }, (opened) => {
      workbench = opened;
    });

    afterEach(async () => {
      await workbench.command('File: Revert File');
      await workbench.command('View: Close All Editors');
    });

    async function openBoth(name: string, layer: string): Promise<void> {
      await workbench.openFile(name);
      await workbench.node(layer).waitFor();
      await workbench.command('Netloom: Open Text to the Side');
      await until('the text', async () => (await workbench.textLines()).length > 5);
    }

    for (const [name, layer, last] of [
      [small, 'pool2', 'logits'],
      [deep, 'relu9', 'relu13'],
    ] as const)
      it(`takes every key at the cursor, in ${name}`, async () => {
        const before = onDisk(name);
        await openBoth(name, layer);
        const typed = '    "half": { "type": "dropout", "from": "x", "rate": 0.5 },';
        for (const round of [1, 2]) {
          await workbench.page.keyboard.press('Home');
          await workbench.clickLine(`"${last}": {`);
          await workbench.settled();
          await workbench.clickLine(`"${layer}": {`);
          await workbench.page.keyboard.press('End');
          await workbench.page.keyboard.press('Enter');
          await workbench.page.keyboard.type(typed.replace('half', `half${round}`), { delay: betweenKeys });
        }
        await workbench.page.keyboard.press('Control+S');
        const lines = before.split('\n');
        const at = lines.findIndex((line) => line.includes(`"${layer}": {`));
        lines.splice(at + 1, 0, ...[2, 1].map((round) => typed.replace('half', `half${round}`)));
        // It is not enough that the file differs: VS Code empties it before it writes.
        await until('the file is saved', async () => !(await workbench.isDirty(name)));
        assert.equal(onDisk(name), lines.join('\n'));
        writeFileSync(path.join(workspace, name), before);
      });

    describe('after a run', () => {
      before(async () => {
        await workbench.openFile(small);
        await workbench.node('pool2').waitFor();
        await workbench.command('Netloom: Train');
        await workbench.graph().locator('.run-state', { hasText: 'Finished' }).waitFor();
        await workbench.command('View: Close All Editors');
      });

      it('shows the complete statistics of every layer at any usual width', async () => {
        const { page } = workbench;
        await openBoth(small, 'pool2');
        await until('the statistics', async () => (await workbench.decorations()).size >= 9);
        for (const [theme, sideBar] of [
          ['dark', true],
          ['light', false],
        ] as const) {
          await workbench.chooseTheme(theme === 'dark' ? 'Dark Modern' : 'Light Modern');
          if (!sideBar) await workbench.command('View: Close Primary Side Bar');
          for (const [width, height] of [
            [1000, 700],
            [1400, 900],
            [1920, 1080],
          ] as const) {
            await page.setViewportSize({ width, height });
            await workbench.settled();
            const what = `${width} wide, side bar ${sideBar ? 'open' : 'closed'}`;
            const inView = await until(`the statistics are in view, ${what}`, async () => {
              const found = await workbench.statisticsInView();
              return found.whole === 9 && found;
            });
            console.log(`      ${what}: ${inView.begin} begin in view, ${inView.whole} wholly`);
            await workbench.screenshot(`statistics-${theme}-${width}${sideBar ? '-side-bar' : ''}`);
          }
        }
        await page.setViewportSize({ width: 1400, height: 900 });
        await workbench.command('View: Toggle Primary Side Bar Visibility');
      });

      it('keeps the panel open while the record of the next training replaces that of the last one', async () => {
        await workbench.openFile(small);
        const graph = workbench.graph();
        await graph.locator('.run-state').waitFor();
        await graph.locator('.training').evaluate((panel) => {
          const watch = new MutationObserver(() => {
            if (!document.querySelector('.training')) document.body.dataset.closed = 'yes';
          });
          watch.observe(panel.parentElement!, { childList: true, subtree: true });
        });
        await workbench.command('Netloom: Train');
        await graph.locator('.run-state', { hasText: 'Training' }).waitFor();
        await graph.locator('.run-state', { hasText: 'Finished' }).waitFor();
        assert.equal(await graph.locator('body').getAttribute('data-closed'), null);
      });

      it('shows statistics before every line, also the one with the cursor, in a text that opens after a run', async () => {
        await workbench.openFile(small);
        await workbench.node('pool2').click();
        await workbench.command('Netloom: Open Text to the Side');
        await until('the statistics of every layer', async () => (await workbench.decorations()).size >= 9);
      });

      it('keeps a line in its place while a person types in it, although its statistics no longer describe its text', async () => {
        await openBoth(small, 'pool2');
        await until('the statistics', async () => (await workbench.decorations()).size >= 9);
        await workbench.clickLine('"relu2": {');
        await workbench.page.keyboard.press('End');
        await workbench.page.keyboard.press('Home');
        await workbench.settled();
        const before = await workbench.placeOf('"relu2": {');
        await workbench.page.keyboard.press('ArrowRight');
        await workbench.page.keyboard.type('x', { delay: betweenKeys });
        await workbench.settled();
        assert.equal(await workbench.placeOf('"xrelu2": {'), before);
      });
    });

    for (const [name, first, presses] of [
      [small, 'image', 8],
      [deep, 'dense1', 20],
    ] as const)
      it(`moves the cursor by as many lines as a held key requests, in ${name}`, async () => {
        await openBoth(name, first);
        // Its hover covers the line that is clicked next.
        if (name === small) await workbench.hoverLine('"relu2": {');
        const lines = onDisk(name).split('\n');
        const line = 1 + lines.findIndex((text) => text.includes(`"${first}": {`));
        const isAt = async (wanted: number) => (await workbench.cursor())?.line === wanted;
        await until('the cursor is there', async () => {
          await workbench.clickLine(`"${first}": {`);
          await workbench.page.keyboard.press('Home');
          await workbench.settled();
          return isAt(line);
        });
        for (let press = 0; press < presses; press++) {
          await workbench.page.keyboard.down('ArrowDown');
          await workbench.page.waitForTimeout(betweenRepeats);
        }
        await workbench.page.keyboard.up('ArrowDown');
        await until('the cursor has moved', () => isAt(line + presses));
        // It stays there.
        await workbench.settled();
        assert.equal((await workbench.cursor())?.line, line + presses);
      });

    it('says that a run was cut off when its window was reloaded, and offers to train again', async () => {
      const { page } = workbench;
      await workbench.openFile(long);
      await workbench.node('logits').waitFor();
      await workbench.command('Netloom: Train');
      await until('an epoch is over', async () =>
        ((await workbench.graph().locator('.training').textContent()) ?? '').includes('train, epoch'),
      );
      await workbench.reload();
      await workbench.openFile(long);
      const notice = page.locator('.notification-toast', { hasText: 'was cut off at epoch' });
      await notice.getByText('Train Again').waitFor();
      // VS Code does not hide a notification under the pointer.
      await notice.hover();
      await workbench.graph().locator('.run-state', { hasText: 'Cut off at epoch' }).waitFor();
      await workbench.settled();
      await workbench.screenshot('cut-off-light-1400');
      await notice.getByText('Train Again').click();
      await workbench.graph().locator('.run-state', { hasText: 'Training' }).waitFor();
      await workbench.command('Netloom: Stop');
      await workbench.graph().locator('.run-state', { hasText: 'Stopped' }).waitFor();
    });
  });
}
