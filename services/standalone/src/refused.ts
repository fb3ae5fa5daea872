/** A command that was refused: a stable code for programs, and words for the person who gave it. */
export class Refused extends Error {
  override readonly name: string = 'Refused';

  constructor(
    /** kebab-case */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A command that was not given as it should be; nothing was done. */
export class WrongUsage extends Refused {
  override readonly name = 'WrongUsage';
}
