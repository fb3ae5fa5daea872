/** The seed of property tests: FC_SEED, to run again what failed; otherwise a new one each time, printed on failure. */
export const fcSeed = (): { readonly seed?: number } => {
  const seed = Number.parseInt(process.env['FC_SEED'] ?? '', 10);
  return Number.isNaN(seed) ? {} : { seed };
};
