/** The first hour with Netloom: open an example, draw, undo, train, watch, stop, make a mistake. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inSequence } from './sequence.ts';
import { until } from './until.ts';
import { inWindow, type Windows } from './windows.ts';
import type { Workbench } from './workbench.ts';

const example = 'first-network.nn.json';
const brokenName = 'broken.nn.json';

const broken = `{
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [4, 4, 1] },
    "conv1": { "type": "conv2d", "from": "image", "filters": 2, "kernelSize": 5 },
  }
}
`;

/** Each old line is still there, in order, with at most an additional comma. */
function assertLinesSurvive(before: readonly string[], after: readonly string[]): void {
  let place = 0;
  for (const line of before) {
    const found = after.findIndex((now, index) => index >= place && (now === line || now === `${line},`));
    assert.ok(found >= 0, `the line ${JSON.stringify(line)} changed; the text now is\n${after.join('\n')}`);
    place = found + 1;
  }
}

export function describeStory(windows: Windows): void {
  describe('A first network, from the installed VSIX', function () {
    inSequence(this);
    const workspace = windows.folder('story');
    const file = path.join(workspace, example);
    // Long enough that the run is still going when it is stopped.
    const original = windows.example(example).replace(/"epochs": \d+/, '"epochs": 500');
    let workbench: Workbench;
    let added: string;

    const onDisk = () => readFileSync(file, 'utf8');

    inWindow(windows, 'story', { files: { [example]: original, [brokenName]: broken } }, (opened) => {
      workbench = opened;
    });

    it('opens the example as a graph and writes nothing', async () => {
      await workbench.openFile(example);
      const layers = Object.keys(JSON.parse(original.replace(/^\s*\/\/.*$/gm, '')).layers);
      await workbench.node('logits').waitFor();
      assert.deepEqual((await workbench.nodeNames()).sort(), layers.sort());
      await until('all edges are drawn', async () => (await workbench.edgeCount()) === layers.length - 1);
      assert.equal(await workbench.isDirty(example), false);
      assert.equal(onDisk(), original);
      await workbench.command('View: Close Primary Side Bar').catch(() => {});
      await workbench.screenshot('graph-dark-1400');
    });

    it('adds a layer that is dragged in from the palette', async () => {
      const before = await workbench.nodeNames();
      const item = workbench.graph().locator('[data-layer-type="relu"]');
      await item.scrollIntoViewIfNeeded();
      await workbench.settled();
      await workbench.drag(await workbench.centre(item), await workbench.emptySpot());
      await until('a new node', async () => (await workbench.nodeNames()).length === before.length + 1);
      const names = await workbench.nodeNames();
      added = names.find((name) => !before.includes(name))!;
      await until('the tab is marked as changed', () => workbench.isDirty(example));
      assert.equal(onDisk(), original, 'nothing is written before a save');
    });

    it('connects it by a drag from handle to handle', async () => {
      const edges = await workbench.edgeCount();
      const source = workbench.node('flat').locator('.react-flow__handle.source');
      const target = workbench.node(added).locator('.react-flow__handle.target');
      await workbench.settled();
      await workbench.drag(await workbench.centre(source), await workbench.centre(target));
      await until('a new edge', async () => (await workbench.edgeCount()) === edges + 1);
    });

    it('shows the text beside the graph, in which no other line has changed', async () => {
      await workbench.command('Netloom: Open Text to the Side');
      await until('the text shows the new layer', async () =>
        (await workbench.textLines()).some(
          (line) => line.includes(`"${added}": {`) && line.includes('"from": "flat"'),
        ),
      );
      assertLinesSurvive(original.trimEnd().split('\n'), await workbench.textLines());
      assert.equal(onDisk(), original, 'nothing is written before a save');
    });

    it('saves the drawn network, and undoes each gesture with one Ctrl+Z in the graph, byte by byte', async () => {
      const { page } = workbench;
      await workbench.settled();
      await workbench.clickCanvas();
      await page.keyboard.press('Control+S');
      await until('the file is saved', async () => !(await workbench.isDirty(example)));
      assert.notEqual(onDisk(), original);
      assertLinesSurvive(original.trimEnd().split('\n'), onDisk().trimEnd().split('\n'));
      const edges = await workbench.edgeCount();
      await page.keyboard.press('Control+Z');
      await until('the connection is gone', async () => (await workbench.edgeCount()) === edges - 1);
      await page.keyboard.press('Control+Z');
      await until('the layer is gone', async () => !(await workbench.nodeNames()).includes(added));
      await page.keyboard.press('Control+S');
      await until('the file is as it was', async () => onDisk() === original);
    });

    it('trains from the command palette, and shows statistics after the lines and on the nodes', async () => {
      await workbench.command('Netloom: Train');
      const decorations = await until('statistics behind the lines of the layers', async () => {
        const found = await workbench.decorations();
        return found.size >= 8 && found;
      });
      const conv1 = [...decorations].find(([line]) => line.includes('"conv1"'));
      assert.match(conv1?.[1] ?? '', /[∇Δσμ]/, 'a trained layer shows a statistic');
      await workbench.node('conv1').locator('.layer-statistics .badge').first().waitFor();
      const badges = await workbench.node('conv1').locator('.layer-statistics').textContent();
      assert.match(badges ?? '', /\d/);
    });

    it('keeps the statistics live while it trains', async () => {
      const read = async () => [...(await workbench.decorations()).values()].join('\n');
      const before = await read();
      await until('the scores move on', async () => {
        const now = await read();
        return now !== '' && now !== before;
      });
      await workbench.screenshot('training-dark-1400');
    });

    it('covers nothing while it trains, and always shows Stop', async () => {
      const { page } = workbench;
      assert.equal(await page.locator('.notification-toast').count(), 0);
      await workbench.graph().getByRole('button', { name: 'Stop' }).waitFor();
      await page.locator('.editor-actions [aria-label*="Stop"]').first().waitFor();
    });

    it('stops with one click in the status bar, too', async () => {
      const { page } = workbench;
      const item = page.locator('.statusbar-item', { hasText: 'first-network' });
      await page.locator('.statusbar-item [aria-label="Stop first-network"]').click();
      await until('the status item is gone', async () => (await item.count()) === 0);
      const panel = workbench.graph().locator('.training');
      const before = await panel.textContent();
      await workbench.command('Netloom: Train');
      await until('scores of the new run', async () => {
        const now = (await panel.textContent()) ?? '';
        return now !== before && now.includes('train, epoch');
      });
    });

    it('stops soon after a request, and continues to show its measurements', async () => {
      const stop = workbench.page.locator('.statusbar-item', { hasText: 'first-network' });
      await stop.first().waitFor();
      await workbench.command('Netloom: Stop');
      const asked = Date.now();
      await until('the status item is gone', async () => (await stop.count()) === 0);
      console.log(`      stopped after ${Date.now() - asked} ms`);
      await until('the statistics are in view', async () => (await workbench.decorations()).size >= 8);
      assert.equal(onDisk(), original, 'training changes no spec');
    });

    it('looks right in dark, light and high contrast, wide and narrow', async () => {
      for (const [name, theme, width, height] of [
        ['light', 'Light Modern', 1000, 700],
        ['contrast', 'Dark High Contrast', 1400, 900],
        ['contrastLight', 'Light High Contrast', 1000, 700],
        ['dark', 'Dark Modern', 1400, 900],
      ] as const) {
        await workbench.chooseTheme(theme);
        await workbench.page.setViewportSize({ width, height });
        await workbench.settled();
        await workbench.screenshot(`trained-${name}-${width}`);
      }
    });

    it('shows the statistics of the last run again after the window was reloaded, and marks them', async () => {
      const runs = path.join(workspace, '.netloom', 'runs', 'first-network');
      const log = path.join(runs, readdirSync(runs).sort().at(-1)!, 'run.jsonl');
      const { mtimeMs } = statSync(log);
      await workbench.reload();
      await until('the statistics are back', async () => (await workbench.decorations()).size >= 8);
      await workbench.graph().locator('.training', { hasText: 'Earlier run' }).waitFor();
      const statistics = workbench.node('conv1').locator('.layer-statistics.earlier');
      await statistics.waitFor();
      assert.match((await statistics.textContent()) ?? '', /\d/);
      await workbench.screenshot('restored-dark-1400');
      assert.equal(statSync(log).mtimeMs, mtimeMs, 'the log is only read');
      assert.equal(onDisk(), original);
    });

    it('replays this run in graph and text, shows that it does, and returns to the end', async () => {
      const { page } = workbench;
      const conv1 = async () =>
        [...(await workbench.decorations())].find(([line]) => line.includes('"conv1"'))?.[1] ?? '';
      const [ended, spread] = [await conv1(), workbench.node('conv1').locator('.badge-std')];
      const spreadAtEnd = await spread.textContent();
      const slider = workbench.graph().getByRole('slider', { name: 'Step whose statistics are shown' });
      await slider.press('Home');
      await workbench.graph().locator('.replay-mark', { hasText: 'Replay, step 1' }).waitFor();
      await until('the text shows another step', async () => ![ended, ''].includes(await conv1()));
      assert.notEqual(await spread.textContent(), spreadAtEnd);
      await workbench.screenshot('replay-dark-1400');
      await page.locator('.statusbar-item', { hasText: 'first-network: step 1' }).click();
      await until('the text shows the end', async () => (await conv1()) === ended);
      await workbench.graph().locator('.replay-mark').waitFor({ state: 'detached' });
      assert.equal(await spread.textContent(), spreadAtEnd);
      assert.equal(onDisk(), original);
    });

    it('lists a mistake in the Problems panel, and stays usable', async () => {
      await workbench.openFile(brokenName);
      await workbench.node('conv1').waitFor();
      await workbench.command('Problems: Focus on Problems View');
      const message = await until('the mistake is listed', async () =>
        (await workbench.problems()).find((row) => row.includes('kernelSize')),
      );
      assert.match(message, /larger than its input/);
      await workbench.screenshot('problems-dark-1400');
      assert.equal(readFileSync(path.join(workspace, brokenName), 'utf8'), broken);
    });

    it('reports why a run failed in the training panel, and in no notification while the graph is in view', async () => {
      const { page } = workbench;
      const name = 'without-data.nn.json';
      const data = '"data": { "type": "csv", "file": "absent.csv" }';
      writeFileSync(
        path.join(workspace, name),
        windows.example('iris.nn.json').replace(/"data": \{.*?\}/, data),
      );
      await workbench.openFile(name);
      await workbench.graph().getByRole('button', { name: 'Train', exact: true }).click();
      await workbench.graph().locator('.training .run-message', { hasText: 'absent.csv' }).waitFor();
      await workbench.command('Notifications: Show Notifications');
      const center = page.locator('.notifications-center.visible');
      await center.waitFor();
      assert.doesNotMatch((await center.textContent()) ?? '', /absent\.csv/);
      await page.keyboard.press('Escape');
    });

    it('breaks no rule of its content policy and throws no error', () => {
      assert.deepEqual(workbench.violations, []);
    });
  });
}
