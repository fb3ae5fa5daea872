/** The languages in which people are answered. */
export type Language = 'vi' | 'en';

const quality = (parameters: readonly string[]): number => {
  const given = parameters.find((parameter) => parameter.trim().startsWith('q='));
  const value = given === undefined ? 1 : Number(given.trim().slice(2));
  return Number.isFinite(value) ? value : 0;
};

const known = (tag: string): Language | undefined => {
  if (/^en(-|$)/.test(tag)) return 'en';
  return /^vi(-|$)/.test(tag) || tag === '*' ? 'vi' : undefined;
};

/** The language that an Accept-Language header (RFC 9110) prefers; Vietnamese unless it asks for English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  let best: { language: Language; weight: number } = { language: 'vi', weight: 0 };
  for (const range of (acceptLanguage ?? '').toLowerCase().split(',')) {
    const [tag = '', ...parameters] = range.trim().split(';');
    const language = known(tag.trim());
    const weight = quality(parameters);
    if (language && weight > best.weight) best = { language, weight };
  }
  return best.language;
}
