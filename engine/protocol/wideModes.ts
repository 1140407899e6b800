/** Whether a run may compute with vectors of 256 bits. A file of its own, because settings are read before any message is. */
export const wideModes = ['auto', 'off'] as const;
export type WideMode = (typeof wideModes)[number];
