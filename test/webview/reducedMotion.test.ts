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
  await page.evaluate((broken) => window.host.change(broken), (await text()).replace('{', ''));
  const cards = page.locator('.broken .react-flow__nodes');
  await cards.waitFor();
  expect(await cards.evaluate((element) => getComputedStyle(element).transitionDelay)).toContain('0.6s');
  await until('it fades', async () => (await cards.evaluate((e) => getComputedStyle(e).opacity)) === '0.45');
});
