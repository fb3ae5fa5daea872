import { ROOT } from './documents.ts';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A code that people may be answered with, where the source says so. */
export interface AnsweredCode {
  readonly code: string;
  /** Of a refusal its kind, of a problem of HTTP its status; none of what is wrong with a field or a row. */
  readonly kind?: string;
  /** `services/membership`, `libs/nest` … */
  readonly package: string;
}

export interface AnsweredCodes {
  readonly codes: readonly AnsweredCode[];
  /** Where a code is made that could be any text, as `file:line`. */
  readonly opaque: readonly string[];
}

/** What holds a code, and which argument it is. */
const NEW = new Map([
  ['Refusal', 1],
  ['HttpProblem', 1],
]);
const CALLS = new Map([
  ['findingIn', 2],
  // Of `libs/nest`: what is wrong with a field, in its input.
  ['one', 0],
  ['complain', 1],
]);
/** A code that was made elsewhere and is given on. */
const GIVEN_ON = /^(?:\w+\.)*(?:error|refused|problem)\.code$|^issue\.message$/;
const CODE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** The codes of all that the sources refuse, told by their types: a union of texts counts as each of them. */
export function answeredCodes(): AnsweredCodes {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, 'tsconfig.spec.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
      },
    },
  );
  if (!config) throw new Error('tsconfig.spec.json is missing');
  const files = config.fileNames.filter((file) => !/\.spec\.ts$|\/(?:testing|bench)\//.test(file));
  const program = ts.createProgram(files, config.options);
  const checker = program.getTypeChecker();
  const codes: AnsweredCode[] = [];
  const opaque: string[] = [];

  const textsOf = (node: ts.Expression): readonly string[] => {
    const type = checker.getTypeAtLocation(node);
    const parts = type.isUnion() ? type.types : [type];
    const texts = parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
    return texts.length === parts.length ? texts : [];
  };

  for (const file of files) {
    const source = program.getSourceFile(file);
    if (!source) continue;
    const path = relative(ROOT, file);
    const note = (node: ts.Expression, kind?: ts.Expression): void => {
      if (GIVEN_ON.test(node.getText())) return;
      const found = textsOf(node);
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      if (found.length === 0) opaque.push(`${path}:${line} ${node.getText()}`);
      for (const code of found) {
        codes.push({
          code,
          package: path.split('/', 2).join('/'),
          ...(kind && { kind: kind.getText().replaceAll("'", '') }),
        });
      }
    };
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node)) {
        const code = node.arguments?.[NEW.get(node.expression.getText()) ?? -1];
        if (code) note(code, node.arguments?.[0]);
      } else if (ts.isCallExpression(node)) {
        const code = node.arguments[CALLS.get(node.expression.getText()) ?? -1];
        if (code) note(code);
      } else if (
        ts.isPropertyAssignment(node) &&
        node.name.getText() === 'error' &&
        ts.isStringLiteral(node.initializer) &&
        // zod's own.
        node.initializer.text !== 'custom'
      ) {
        // A schema's own code, where zod takes a message.
        if (CODE.test(node.initializer.text)) note(node.initializer);
      } else if (
        ts.isPropertyAssignment(node) &&
        node.name.getText() === 'code' &&
        path.startsWith('libs/nest/') &&
        ts.isStringLiteral(node.initializer) &&
        // zod's own.
        node.initializer.text !== 'custom'
      ) {
        note(node.initializer);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { codes, opaque };
}
