/** All datasets, one line each. */
import { Registry } from '../schema/kind.ts';
import { adding } from './adding.ts';
import { brackets } from './brackets.ts';
import { csv } from './csv.ts';
import type { DatasetDefinition } from './define.ts';
import { idx } from './idx.ts';
import { pianoRoll } from './pianoRoll.ts';
import { points } from './points.ts';
import { sequences } from './sequences.ts';
import { series } from './series.ts';
import { shapes } from './shapes.ts';
import { text } from './text.ts';

export const datasets = new Registry<DatasetDefinition>('dataset', [
  shapes,
  points,
  adding,
  brackets,
  idx,
  csv,
  series,
  sequences,
  text,
  pianoRoll,
]);
