/** Names that fields of the inspector offer, in a real browser. */
import { test } from 'vitest';
import { inBrowser, open, page, text, until } from './driver.ts';
import { chain } from './network.ts';

inBrowser();

test('fields of the data offer the files beside the network, and the columns of its table', async () => {
  const data = '{ "type": "csv", "file": "patients.csv", "exclude": ["city"] }';
  await open(chain.replace(/\}\s*$/, `, "training": { "data": ${data} } }`));
  await page.evaluate(() => {
    window.host.suggested = {
      'patients.csv': ['age', 'city', 'risk'],
      'data/': ['data/other.csv'],
    };
  });
  const offered = async (label: string) => {
    const list = await page.getByLabel(label, { exact: true }).getAttribute('list');
    return list === null
      ? []
      : page
          .locator(`[id="${list}"] option`)
          .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  };
  const offers = (label: string, ...names: string[]) =>
    until(`${label} offers ${names}`, async () => (await offered(label)).join('; ') === names.join('; '));
  await page.getByLabel('target', { exact: true }).focus();
  await offers('target', 'age', 'city', 'risk');
  await page.getByLabel('exclude', { exact: true }).focus();
  await offers('exclude', 'city, age', 'city, risk');
  await page.getByLabel('file (required)').fill('data/');
  await offers('file (required)', 'data/other.csv');
  await page.getByLabel('exclude', { exact: true }).fill('city, age');
  await page.keyboard.press('Enter');
  await until('it is written', async () => /"exclude": ?\["city", ?"age"\]/.test(await text()));
});
