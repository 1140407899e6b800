/** Runs that follow a renamed network, and runs that are removed: completely, never through a link, and never over others. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mayRemove, moveRuns, removeRun } from '../../engine/runs/moving.ts';
import { allRuns, describeRun } from '../../engine/runs/reader.ts';
import { begin, end, epoch, plan, removeFolder, snapshot, temporaryFolder } from './runFiles.ts';

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});
afterEach(() => removeFolder(root));

const at = (network: string, folder = root) => ({ folder, network: `${network}.nn.json` });
const runsFolder = (network: string, folder = root) => join(folder, '.netloom/runs', network);

/** A run of a network that has ended, and its folder. */
async function trained(network: string, accuracy = 0.5): Promise<string> {
  const { writer } = await begin(at(network));
  writer.add(plan);
  writer.add({ ...epoch(1), test: { loss: 1, accuracy } });
  await writer.saveWeights(Buffer.from(`weights of ${accuracy}`));
  return (await writer.end(end('finished', 10))).folder!;
}

const idsOf = (network: string, folder = root) => readdirSync(runsFolder(network, folder)).sort();

test('all runs are described newest first, each with what was planned and the scores of the weights it kept', async () => {
  for (const accuracy of [0.1, 0.2, 0.3]) await trained('net', accuracy);
  const all = await allRuns(root, 'net.nn.json', 10);
  expect(all.map(({ result }) => result?.test?.accuracy)).toEqual([0.3, 0.2, 0.1]);
  expect(all[0]).toMatchObject({ state: 'finished', plan: { epochs: 3 } });
  expect(await allRuns(root, 'net.nn.json', 2)).toHaveLength(2);
});

test('the result is that of the epoch whose weights were restored', async () => {
  const { writer } = await begin(at('net'));
  writer.add(plan);
  for (const one of [1, 2, 3]) writer.add({ ...epoch(one), test: { loss: one } });
  await writer.saveWeights(Buffer.from('weights'));
  await writer.end({ ...end('finished', 30), restoredEpoch: 1 });
  expect((await allRuns(root, 'net.nn.json', 1))[0].result).toMatchObject({ epoch: 1, test: { loss: 1 } });
});

test('runs move to the new name as they are, and the empty folder of the old name is removed', async () => {
  const before = [await trained('old'), await trained('old')].map((folder) => snapshot(folder));
  expect((await moveRuns(at('old'), at('new'))).size).toBe(2);
  expect(idsOf('new').map((id) => snapshot(join(runsFolder('new'), id)))).toEqual(before);
  expect(readdirSync(join(root, '.netloom/runs'))).toEqual(['new']);
});

test('runs move to another folder, which gets a file that makes git ignore them', async () => {
  await trained('net');
  const other = join(root, 'other');
  mkdirSync(other);
  expect((await moveRuns(at('net'), at('net', other))).size).toBe(1);
  expect(idsOf('net', other)).toHaveLength(1);
  expect(readdirSync(join(other, '.netloom'))).toContain('.gitignore');
});

test('a run never takes the place of another one, and both stay', async () => {
  const mine = await trained('old');
  const id = idsOf('old')[0];
  mkdirSync(join(runsFolder('new'), id), { recursive: true });
  writeFileSync(join(runsFolder('new'), id, 'run.jsonl'), 'of somebody else');
  const theirs = snapshot(runsFolder('new'));
  expect((await moveRuns(at('old'), at('new'))).size).toBe(0);
  expect(snapshot(runsFolder('new'))).toEqual(theirs);
  expect(await describeRun(mine)).toMatchObject({ state: 'finished' });
});

test('a run that is being written stays where it is, and is not removed', async () => {
  const { writer } = await begin(at('net'));
  writer.add(plan);
  const [id] = idsOf('net');
  expect((await moveRuns(at('net'), at('new'))).size).toBe(0);
  await expect(mayRemove(at('net'), id)).rejects.toMatchObject({ code: 'run/in-use' });
  await expect(removeRun(at('net'), id)).rejects.toMatchObject({ code: 'run/in-use' });
  writer.add(epoch(1));
  await writer.saveWeights(Buffer.from('weights'));
  await writer.end(end('finished', 10));
  expect(await mayRemove(at('net'), id)).toBe(true);
});

test('removing a run removes its own files, and leaves those of others', async () => {
  const [one, other] = [await trained('net'), await trained('net')];
  writeFileSync(join(other, 'notes.txt'), 'mine');
  for (const id of idsOf('net')) await removeRun(at('net'), id);
  expect(idsOf('net').map((id) => join(runsFolder('net'), id))).toEqual([other]);
  expect(readdirSync(other)).toEqual(['notes.txt']);
  expect(one).not.toBe(other);
});

test.each(['..', '.', '', 'notes', '2026-03-14T09-26-53.589Z/..'])(
  'what is not the id of a run is not removed: %j',
  async (id) => {
    await trained('net');
    const before = snapshot(root);
    await removeRun(at('net'), id);
    expect(await mayRemove(at('net'), id)).toBe(false);
    expect(snapshot(root)).toEqual(before);
  },
);

test.skipIf(process.platform === 'win32').each([
  { linked: '.netloom', target: '.netloom' },
  { linked: '.netloom/runs', target: '.netloom/runs' },
  { linked: '.netloom/runs/net', target: '.netloom/runs/real' },
])('nothing is moved or removed through $linked if that is a link', async ({ linked, target }) => {
  await trained('real');
  const outside = join(root, 'outside');
  mkdirSync(outside);
  const place = at('net', join(root, 'project'));
  mkdirSync(join(place.folder, linked, '..'), { recursive: true });
  symlinkSync(join(root, target), join(place.folder, linked));
  const id = idsOf('real')[0];
  const before = snapshot(join(root, '.netloom'));
  await expect(moveRuns(place, at('elsewhere', outside))).rejects.toMatchObject({ code: 'run/link' });
  await expect(moveRuns(at('real'), place)).rejects.toMatchObject({ code: 'run/link' });
  for (const act of [mayRemove, removeRun])
    await expect(act(place, id)).rejects.toMatchObject({ code: 'run/link' });
  expect(snapshot(join(root, '.netloom'))).toEqual(before);
  expect(readdirSync(outside)).toEqual([]);
});

test.skipIf(process.platform === 'win32')('links in the folder of a run are left, not followed', async () => {
  const folder = await trained('net');
  const secret = join(root, 'secret');
  writeFileSync(secret, 'kept');
  symlinkSync(secret, join(folder, 'link'));
  await removeRun(at('net'), idsOf('net')[0]);
  expect(readdirSync(folder)).toEqual(['link']);
  expect(readdirSync(root)).toContain('secret');
});
