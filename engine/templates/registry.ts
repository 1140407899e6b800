/** All templates, one line each, in the order in which they are offered. */
import { adding } from './adding.ts';
import { autoencoder } from './autoencoder.ts';
import { characterLstm } from './characterLstm.ts';
import type { Template } from './define.ts';
import { empty } from './empty.ts';
import { gruClassifier } from './gruClassifier.ts';
import { lenet } from './lenet.ts';
import { perceptron } from './perceptron.ts';
import { resnet } from './resnet.ts';
import { shapes } from './shapes.ts';
import { spiral } from './spiral.ts';
import { tagger } from './tagger.ts';
import { transformer } from './transformer.ts';

export const templates: readonly Template[] = [
  shapes,
  perceptron,
  spiral,
  lenet,
  resnet,
  adding,
  characterLstm,
  gruClassifier,
  tagger,
  autoencoder,
  transformer,
  empty,
];

/** Templates that already contain layers. */
export const starters: readonly Template[] = templates.filter((template) => template !== empty);
