declare module 'swagger-ui-dist/absolute-path.js' {
  /** Folder of the distribution's files. */
  export default function absolutePath(): string;
}
