/** A command that was refused, in words for the person who gave it. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
