/** The pictures of the documentation, taken of the installed extension: `npm run pictures`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Stage } from './stage.ts';
import { until } from './until.ts';
import { Workbench } from './workbench.ts';

/** A picture in `docs/images/`, of an example whose text is changed first. */
interface Picture {
  readonly name: string;
  readonly example: string;
  readonly theme: string;
  readonly change: (text: string) => string;
  /** Whether the text is shown beside the graph. */
  readonly withText: boolean;
  /** Brings the window to what is shown, from the beginning of a training. */
  readonly arrange: (workbench: Workbench) => Promise<unknown>;
}

const epoch = (workbench: Workbench, least: number) =>
  until(
    `epoch ${least}`,
    async () => {
      const text = await workbench.graph().locator('body').innerText();
      const now = /epoch\s+(\d+)\s*(?:\/|of)/i.exec(text);
      return now !== null && Number(now[1]) >= least;
    },
    600_000,
  );

const pictures: readonly Picture[] = [
  {
    name: 'training',
    example: 'first-network.nn.json',
    theme: 'Dark Modern',
    change: (text) => text.replace(/"epochs": \d+/, '"epochs": 20'),
    withText: true,
    arrange: (workbench) => epoch(workbench, 6),
  },
  {
    name: 'finding',
    example: 'first-network.nn.json',
    theme: 'Light Modern',
    change: (text) =>
      text.replace(/"epochs": \d+/, '"epochs": 40').replace(/"learningRate": [\d.]+/, '"learningRate": 0.5'),
    withText: true,
    arrange: async (workbench) => {
      await epoch(workbench, 3);
      await workbench.graph().locator('.findings-count').click();
    },
  },
  {
    name: 'gates',
    example: 'lessons/memory.nn.json',
    theme: 'Dark Modern',
    change: (text) => text,
    withText: false,
    arrange: async (workbench) => {
      await epoch(workbench, 8);
      await workbench.node('lstm').locator('.layer-shape').click();
      const gates = workbench.graph().locator('figure.shares').first();
      // Not with scrollIntoView, which scrolls the window around the page, too.
      await gates.evaluate((element) => {
        const panel = element.closest('.inspector')!;
        const [box, frame] = [element, panel].map((one) => one.getBoundingClientRect());
        panel.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
      });
    },
  },
];

/** Writes the pictures whose names match into `into`. */
export async function takePictures(stage: Stage, into: string, wanted: RegExp): Promise<void> {
  const workspace = path.join(stage.temporary, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const chosen = pictures.filter(({ name }) => wanted.test(name));
  for (const { name, example, change } of chosen) {
    const text = readFileSync(path.join(stage.root, 'examples', example), 'utf8');
    writeFileSync(path.join(workspace, `${name}.nn.json`), change(text));
  }
  const server = await stage.startCodeServer({
    vsix: stage.vsix,
    settings: { 'workbench.colorTheme': 'Dark Modern' },
  });
  const browser = await stage.launchBrowser(path.join(stage.temporary, 'profile'));
  try {
    const workbench = await Workbench.open(browser.pages()[0], server.page(workspace), stage.results);
    for (const { name, theme, withText, arrange } of chosen) {
      await workbench.openFile(`${name}.nn.json`);
      await workbench.chooseTheme(theme);
      await workbench.command('View: Close Primary Side Bar').catch(() => {});
      if (withText) await workbench.command('Netloom: Open Text to the Side');
      await workbench.command('Netloom: Train');
      await arrange(workbench);
      await workbench.page.mouse.move(1200, 800);
      await workbench.settled();
      await workbench.page.screenshot({ path: path.join(into, `${name}.png`) });
      const stop = workbench.graph().getByRole('button', { name: 'Stop' });
      if (await stop.isVisible()) await stop.click();
      await workbench.command('View: Close All Editors');
      await workbench.command('Notifications: Clear All Notifications').catch(() => {});
    }
  } catch (error) {
    await browser
      .pages()[0]
      ?.screenshot({ path: path.join(stage.root, 'test-results', 'pictures-failure.png') });
    throw error;
  } finally {
    await browser.close();
    await server.stop();
  }
}
