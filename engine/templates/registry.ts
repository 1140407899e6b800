/** All templates, one line each, in the order in which they are offered. */
import { adding } from './adding.ts';
import type { Template } from './define.ts';
import { empty } from './empty.ts';
import { shapes } from './shapes.ts';
import { spiral } from './spiral.ts';

export const templates: readonly Template[] = [shapes, spiral, adding, empty];

/** Templates that are a network already. */
export const starters: readonly Template[] = templates.filter((template) => template !== empty);
