/** Where everything is kept: `DATA_DIR`, or `./data`. */
export const dataFolder = ({ DATA_DIR = '' }: NodeJS.ProcessEnv = process.env): string =>
  DATA_DIR === '' ? './data' : DATA_DIR;
