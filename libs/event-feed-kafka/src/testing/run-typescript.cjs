// Runs a source as Jest does, without a build, in a child process of a spec:
// node --conditions=@phancong/source run-typescript.cjs SOURCE ARGUMENTS…
const { readFileSync } = require('node:fs');
const { argv } = require('node:process');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};

require(argv[2]);
