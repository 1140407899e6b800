/** The version of the engine, which a run records: the one of package.json, as a test of the tidy suite checks. */
export const version = '0.1.0';
