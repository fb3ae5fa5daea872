import { normalise } from '@phancong/vietnamese';
import { z } from 'zod';

/** One line of text as it is kept: normalised, not empty. */
const line = (longest: number) => z.string().overwrite(normalise).min(1).max(longest);

export const Code = line(64);
export const Name = line(200);
export const Short = line(500);
export const Reason = line(1_000);
