import { z } from 'zod';

const address = z.url({ protocol: /^https?$/ }).max(2000);
const names = z.array(z.string().max(100)).max(100);

/** The part of RFC 8414 metadata that we use and keep; all else is left behind. */
const metadata = z.object({
  issuer: address,
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address.optional(),
  pushed_authorization_request_endpoint: address.optional(),
  backchannel_authentication_endpoint: address.optional(),
  registration_endpoint: address.optional(),
  id_token_signing_alg_values_supported: names.optional(),
  authorization_signing_alg_values_supported: names.optional(),
  /** RFC 9207: when true, an answer without `iss` is refused. */
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  /** RFC 8705 §5: where clients with a certificate go instead. */
  mtls_endpoint_aliases: z
    .object({
      token_endpoint: address.optional(),
      pushed_authorization_request_endpoint: address.optional(),
      backchannel_authentication_endpoint: address.optional(),
      registration_endpoint: address.optional(),
    })
    .optional(),
});

/** An authorization server, as far as we need to know it. JSON, so that it can be remembered between two turns. */
export type ServerMetadata = { [Name in keyof Known]: Exclude<Known[Name], undefined> } & {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
};
type Known = z.infer<typeof metadata>;

/** Reads a metadata document; undefined when it is not one. */
export function parseMetadata(body: Uint8Array): ServerMetadata | undefined {
  try {
    const parsed = metadata.safeParse(JSON.parse(new TextDecoder().decode(body)));
    return parsed.success ? (JSON.parse(JSON.stringify(parsed.data)) as ServerMetadata) : undefined;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}
