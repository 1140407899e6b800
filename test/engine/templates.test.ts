/** Templates keep the promise that New Network makes: those that train in a moment learn what their description says. */
import { describe, expect, it } from 'vitest';
import { templates } from '../../engine/templates/registry.ts';
import { runOf } from './diagnosed.ts';

describe('a template', () => {
  it.each(['perceptron', 'spiral'])('separates its classes, and has no finding: %s', async (type) => {
    const { text } = templates.find((template) => template.type === type)!;
    const events = await runOf(text);
    const last = events.findLast((event) => event.event === 'epoch');
    expect(last?.test?.accuracy).toBeGreaterThan(0.98);
    expect(events.filter(({ event }) => event === 'finding')).toEqual([]);
  });
});
