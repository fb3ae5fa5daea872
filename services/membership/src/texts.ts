import { line, nameOf } from '@phancong/nest';

/** Letters of any people, the signs within names, and numbers by which namesakes are told apart. */
const PERSON = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} .,'’()/_-]*$/u;

export { Code } from '@phancong/nest';
/** Of an organisation, an enterprise, a province. */
export const Name = nameOf(200);
export const PersonName = line(200).regex(PERSON, { error: 'name-invalid' });
export const Short = line(500);
export const Reason = line(1_000);
