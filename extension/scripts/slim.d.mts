import type { Plugin } from 'esbuild';

export const computing: readonly string[];
export const viewsOnly: Plugin;
export const usedPartsOnly: Plugin;
