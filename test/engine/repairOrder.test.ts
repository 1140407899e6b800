/** In which order a repair tries fixes: those of causes in text and data first, and those of one finding as its rule lists them. */
import { expect, it } from 'vitest';
import type { NetworkSample } from '../../engine/diagnose/define.ts';
import { chain, deep } from '../../engine/diagnose/samples.ts';
import { threadHost } from '../../engine/train/host.ts';
import { type CourseHost, runCourse } from '../../engine/trials/course.ts';
import { repairNetwork } from '../../engine/trials/repair.ts';
import { textOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

const host = (): CourseHost => ({
  ...threadHost,
  folder: '.',
  memoryLimit: 2 ** 28,
  openBackend: () => load('plain'),
});
const steps = 60;
const course = (sample: NetworkSample) => runCourse(textOf(sample), { least: steps, most: steps }, host());
const attempts = async (sample: NetworkSample) =>
  (await repairNetwork(textOf(sample), { steps }, { host })).attempts;

it('a warning in the text comes before an error of the training', async () => {
  const sick = chain(
    [2],
    {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      dropped: { type: 'dropout', rate: 0.95 },
      logits: { type: 'dense', units: 2 },
    },
    { optimizer: { type: 'adam', learningRate: 1e-9 } },
  );
  const { findings } = await course(sick);
  expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning structure/dropoutTooHigh',
    'error update/tooSmall',
  ]);
  const codes = (await attempts(sick)).map(({ code }) => code);
  expect(codes.slice(0, 2)).toEqual(['structure/dropoutTooHigh', 'update/tooSmall']);
});

it('the fixes of a finding are tried as its rule lists them, the learning rate among them', async () => {
  const sick = deep(
    6,
    'relu',
    { optimizer: { type: 'sgd', learningRate: 0.01 } },
    { kernelInitializer: { type: 'varianceScaling', scale: 28 } },
  );
  const before = await course(sick);
  const error = before.findings.find(({ code }) => code === 'gradient/exploding')!;
  const titles = before.fixesOf(error).map(({ title }) => title);
  expect(titles).toEqual(['Set "clipNorm" to 5', 'Set "learningRate" to 0.0033']);
  const tried = (await attempts(sick)).filter(({ code }) => code === error.code).map(({ fix }) => fix.title);
  const places = titles.map((title) => tried.indexOf(title)).filter((place) => place >= 0);
  expect(places[0]).toBe(0);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
});
