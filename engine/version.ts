/** The version of the engine, which a run records. A test in `test/tidy` checks that it equals that of package.json. */
export const version = '0.1.0';
