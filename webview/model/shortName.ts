/**
 * The name of a layer where there is no room for all of it: its end, because names differ in their ends more often than in their
 * beginnings. Cards have style sheets for the same (card.css).
 */

/** The fewest letters that say something. */
const fewest = 2;

/** Empty if there is no room for a few letters. */
export function shortName(name: string, room: number, widthOf: (text: string) => number): string {
  const width = widthOf(name);
  if (width <= room) return name;
  const letters = Array.from(name);
  for (let count = Math.floor((letters.length * room) / width); count >= fewest; count--) {
    const short = `…${letters.slice(-count).join('')}`;
    if (widthOf(short) <= room) return short;
  }
  return '';
}
