/** Where the strings for translators are. */
export const bundle: string;
export function bundleText(): Promise<string>;
