/** Nothing moves for people who prefer reduced motion, in the system or in VS Code. */
import { expect, test } from 'vitest';
import { inBrowser, node, open, page, text, until } from './driver.ts';
import { chain } from './network.ts';

inBrowser();

/** Parts of the page, with those before and after elements, that take time to change or that move. */
const moving = () =>
  page.evaluate(() => {
    const seconds = (times: string) => times.split(',').some((time) => Number.parseFloat(time) > 0);
    return [...document.querySelectorAll('*')].flatMap((element) =>
      [undefined, '::before', '::after'].flatMap((part) => {
        const { transitionDuration, animationName } = getComputedStyle(element, part);
        const moves = seconds(transitionDuration) || animationName !== 'none';
        return moves ? [`${element.getAttribute('class')}${part ?? ''}`] : [];
      }),
    );
  });

/** A run that is stopping, which a wheel shows. */
const stop = () => page.evaluate(() => window.host.run({ state: 'stopping' }, []));

const wheel = () => page.locator('.codicon-modifier-spin').first();

test('there are transitions and a turning wheel for everyone else', async () => {
  await open(chain);
  await stop();
  await wheel().waitFor();
  expect((await moving()).join()).toMatch(/handle.*spin|spin.*handle/);
});

test.each(['in the system', 'in VS Code'])('with reduced motion %s, nothing moves', async (where) => {
  await open(chain);
  if (where === 'in the system') await page.emulateMedia({ reducedMotion: 'reduce' });
  else await page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
  await stop();
  await wheel().waitFor();
  expect(await moving()).toEqual([]);
});

test('with reduced motion, the graph still fades only when a text has been broken for a while', async () => {
  await open(chain);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await node('conv1').waitFor();
  const opacity = () =>
    page.locator('.react-flow__nodes').evaluate((cards) => Number(getComputedStyle(cards).opacity));
  // Instead of waiting: the timers that wait for a second or more, of which the test decides when they have.
  await page.evaluate(() => {
    const waits = new Map<number, () => void>();
    const [begin, end] = [window.setTimeout, window.clearTimeout];
    window.setTimeout = ((act: () => void, wait = 0) => {
      if (wait < 1000) return begin(act, wait);
      waits.set(-waits.size - 1, act);
      return -waits.size;
    }) as typeof window.setTimeout;
    window.clearTimeout = (timer) => {
      waits.delete(Number(timer));
      end(timer);
    };
    Object.assign(window, { waits });
  });
  const waits = () =>
    page.evaluate(() => [...(window as unknown as { waits: Map<number, () => void> }).waits.keys()].length);
  const broken = (await text()).replace('{', '');
  // Each change begins a new wait.
  for (const change of [' ', '  ', '   ']) {
    await page.evaluate((broken) => window.host.change(broken), broken + change);
    await page.locator('.toolbar button:disabled', { hasText: 'Train' }).waitFor();
    expect(await opacity()).toBe(1);
    expect(await page.locator('.banner').count()).toBe(0);
  }
  await until('it waits', async () => (await waits()) > 0);
  await page.evaluate(() => {
    for (const act of (window as unknown as { waits: Map<number, () => void> }).waits.values()) act();
  });
  await page.locator('.banner.error').waitFor();
  await until('it fades', async () => (await opacity()) === 0.45);
});
