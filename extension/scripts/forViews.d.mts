import type { Plugin } from 'esbuild';

export const forViews: Plugin;
