/** package.json as it should be. */
export function manifestText(): Promise<string>;
