import type { RefusalFacts } from '@phancong/event-sourcing';
import type { Language } from './language.ts';

/** What people are told about a code; the facts are those of the refusal. */
export type Words = Readonly<Record<Language, (facts: RefusalFacts) => string>>;

/** By code (stable, kebab-case). */
export type Messages = Readonly<Record<string, Words>>;

/** Words that name no fact. */
export const fixed = (vi: string, en: string): Words => ({ vi: () => vi, en: () => en });

/** Declares the messages of a service; the type keeps its codes. */
export const defineMessages = <const Code extends string>(messages: Readonly<Record<Code, Words>>) => messages;

export const inWords = (words: Words, language: Language, facts: RefusalFacts): string => {
  switch (language) {
    case 'vi':
      return words.vi(facts);
    case 'en':
      return words.en(facts);
  }
};
