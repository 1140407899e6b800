/** The entry of a room in the table of rooms. */
export interface Room {
  /** A folder, or a single file, relative to the repository. */
  readonly path: string;
  /** Its content, in Markdown. */
  readonly holds: string;
  /** The rooms from which it imports, even if only types. All of them are above it in the table, so there are no cycles. */
  readonly imports: readonly string[];
}
