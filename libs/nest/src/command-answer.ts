import type { ServiceName } from '@phancong/contracts';
import type { Handled } from '@phancong/event-sourcing';

/** The answer to a command: an ETag of the revision goes with it. */
export interface CommandAnswer {
  readonly id: string;
  readonly revision: number;
  /** Opaque; any later request may wait for it with `position=`. */
  readonly position: string;
}

export const positionText = (source: ServiceName, position: number): string => `${source}-${position}`;

export const commandAnswer = (
  source: ServiceName,
  id: string,
  { revision, position }: Handled<unknown>,
): CommandAnswer => ({
  id,
  revision,
  position: positionText(source, position),
});
