/** How OpenAPI writes the values of a parameter; `json` where the document gives it a JSON `content` instead. */
export const STYLES = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'json',
] as const;
export type Style = (typeof STYLES)[number];

/** How a parameter is written. */
export interface Writing {
  readonly style: Style;
  /** Whether the items of a list and the members of an object stand apart. */
  readonly explode: boolean;
}

/** How parameters are written where their route does not say otherwise (OpenAPI 3.1, "Parameter Object"). */
export const DEFAULT_WRITING = {
  path: { style: 'simple', explode: false },
  query: { style: 'form', explode: true },
  header: { style: 'simple', explode: false },
} as const satisfies Record<string, Writing>;

/** How an operation is called over HTTP, and where each of its parameters goes. */
export interface Route {
  /** In capitals. */
  readonly verb: string;
  /** Below the service's base address: `/pets/{petId}`. */
  readonly path: string;
  /** By the names that programs give; the values are the names over there. */
  readonly inPath: Readonly<Record<string, string>>;
  readonly inQuery: Readonly<Record<string, string>>;
  readonly inHeader: Readonly<Record<string, string>>;
  /** The parameters that are not written as their place has it by default. */
  readonly writings?: Readonly<Record<string, Writing>>;
  /** The parameters that are the members of the body; `whole` when the parameter `body` is all of it. */
  readonly body?: readonly string[] | 'whole';
  /** The media type of the body where it is not `application/json`. */
  readonly bodyType?: string;
}

/** The parameter that is the whole body. */
export const WHOLE_BODY = 'body';

/** The file of a compiled folder that holds its routes by tool; only what came from an OpenAPI document has one. */
export const ROUTES_FILE = 'routes.json';

/**
 * Headers that no parameter may set, whatever a document declares: those that frame the message or name the host
 * (smuggled requests), that hold credentials or say where a request comes from (the operator's to give), and that
 * replace the verb (a `read` that deletes). Of three OpenAPI itself says that they are no parameters.
 */
export const RESERVED_HEADER =
  /^(?:accept|accept-charset|accept-encoding|authorization|connection|content-.*|cookie2?|expect|forwarded|host|http2-settings|keep-alive|origin|proxy-.*|referer|sec-.*|set-cookie2?|te|trailer|transfer-encoding|upgrade|via|x-forwarded-.*|x-(?:http-)?method(?:-override)?|x-real-ip)$/i;
