import { expect, test } from 'vitest';
import { resnet } from '../../engine/templates/resnet.ts';
import { EditorServer } from './editorPage.ts';

test('shots', async () => {
  const server = await EditorServer.start();
  for (const theme of ['dark', 'light'] as const) {
    const page = await server.open(resnet.text, theme, { width: 1100, height: 800 });
    page.on('pageerror', (e) => console.log('ERR', e.stack));
    page.on('console', (m) => console.log('CON', m.text()));
    await page.locator('.react-flow__node').first().waitFor();
    await page.waitForTimeout(600);
    await page.screenshot({ path: `/tmp/nl/blk/top-${theme}.png` });
    await page.locator('.react-flow__node[data-id="stages"]').click();
    await page.waitForTimeout(300);
    await page.screenshot({ path: `/tmp/nl/blk/sel-${theme}.png` });
    await page.locator('.react-flow__node[data-id="stages"]').dblclick();
    await page.waitForTimeout(800);
    await page.screenshot({ path: `/tmp/nl/blk/in-${theme}.png` });
    await page.close();
  }
  await server.stop();
  expect(1).toBe(1);
}, 120000);
