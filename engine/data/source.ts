/** Where data comes from, for people who do not have it. */
import { type Attribute, text } from '../schema/attributes.ts';

/** An attribute of every dataset that reads files. */
export const source: Attribute<string> = {
  ...text({
    default: '',
    doc: 'Where the files come from: address, size, licence. Shown as text if a file is missing.',
  }),
  location: true,
};
