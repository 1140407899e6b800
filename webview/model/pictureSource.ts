/** Answers the host's request for a picture; set when the page starts, and loaded with the first request. */
import type { PicturePart, PictureRequest } from '../../engine/protocol/picture.ts';

export const pictureSource: {
  current: ((request: PictureRequest) => Promise<PicturePart>) | undefined;
} = { current: undefined };
