/** All datasets, one line each. */
import { Registry } from '../spec/kind.ts';
import { csv } from './csv.ts';
import type { DatasetDefinition } from './define.ts';
import { idx } from './idx.ts';
import { points } from './points.ts';
import { shapes } from './shapes.ts';

export const datasets = new Registry<DatasetDefinition>('dataset', [shapes, points, idx, csv]);
