/** What the table of rooms says about each room. */
export interface Room {
  /** A folder, or a single file, relative to the repository. */
  readonly path: string;
  /** What is in it, in Markdown. */
  readonly holds: string;
  /** The rooms it imports from, be it only types. All of them are above it in the table, so there are no rings. */
  readonly imports: readonly string[];
}
