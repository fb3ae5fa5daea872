import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import type { HttpOptions } from '../configure-http.ts';
import { httpApplication } from '../http-application.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON (a command's or a list's answer, problem details), else the text. `any`-free: give it a schema or compare it whole. */
  readonly body: unknown;
}

export interface RequestOptions {
  /** Sent as JSON; a string, a Buffer or FormData as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpServer {
  readonly url: string;
  readonly request: HttpRequest;
  close(): Promise<void>;
}

const bodyOf = (body: unknown): string | Buffer | FormData | undefined => {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body) || body instanceof FormData) return body;
  return JSON.stringify(body);
};

export type HttpRequest = (method: string, path: string, options?: RequestOptions) => Promise<HttpAnswer>;

/** Sends requests to a server. */
export const requestTo =
  (url: string): HttpRequest =>
  async (method, path, { body, headers = {} } = {}) => {
    const sent = bodyOf(body);
    const type = sent === undefined || sent instanceof FormData ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...type, ...headers },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };

/** Serves the module on 127.0.0.1 at a free port, with the edge that production has. */
export async function startHttp(
  module: Type | DynamicModule,
  options: HttpOptions,
  logger: LoggerService | false = false,
): Promise<HttpServer> {
  const app = await httpApplication(module, options, logger);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { url, request: requestTo(url), close: () => app.close() };
}
