import { Logger } from '@nestjs/common';

const log = new Logger('personal-data');

/** Reading what is personal is itself noted: who read what of whom. Never the fields themselves. */
export const noteReading = (by: string, what: string, people: readonly string[]): void => {
  if (people.length > 0) log.log({ event: 'personal-data-read', by, what, people });
};
