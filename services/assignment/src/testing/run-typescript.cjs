/** `node --conditions=@phancong/source run-typescript.cjs FILE [argument …]`: runs a TypeScript file from its source. */
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { argv } = require('node:process');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};
require(resolve(argv[2]));
