import type { Authorisation, Consent } from '../../store.ts';
import { findPerson } from '../../world/banks.ts';
import type { Face } from '../../world/face.ts';
import { type Call, links } from '../call.ts';
import type { Links } from '../errors.ts';
import { metadataUrl } from '../security/demands.ts';

/** What may be done next with an authorisation: the links that its answers carry. */
export function authorisationLinks(call: Call, authorisation: Authorisation): Links {
  const consent = `/v1/consents/${authorisation.consentId}`;
  const below = call.face.authorisation === 'sub_resource';
  const path = below ? `${consent}/authorisations/${authorisation.id}` : consent;
  const scaStatus = below ? links(call, { scaStatus: path }) : {};
  const { approach, status } = authorisation;
  if (isOver(authorisation)) return scaStatus;
  const confirmation = call.face.confirmation === 'none' ? {} : links(call, { confirmation: path });
  if (status === 'unconfirmed') return { ...confirmation, ...scaStatus };
  if (approach === 'redirect') {
    const page = `${call.stage.peopleUrl(call.bank.slug)}/authorise/${authorisation.id}`;
    return { scaRedirect: { href: page }, ...confirmation, ...scaStatus };
  }
  if (approach === 'oauth') {
    const page = `${call.stage.peopleUrl(call.bank.slug)}/authorize`;
    return { scaOAuth: { href: call.face.oauthMetadata ? metadataUrl(call) : page }, ...scaStatus };
  }
  const next = approach === 'embedded' ? embeddedNext(call.face, authorisation) : [];
  const methods = findPerson(call.bank, authorisation.person)?.methods.length ?? 0;
  const names = next.filter((name) => name !== 'selectAuthenticationMethod' || methods > 0);
  return { ...links(call, Object.fromEntries(names.map((name) => [name, path]))), ...scaStatus };
}

/** How to start an authorisation that the bank did not open by itself. */
export function startLinks(call: Call, consent: Consent): Links {
  const path = `/v1/consents/${consent.id}/authorisations`;
  const { approach, identification, passwordKey } = call.face;
  const named = !!consent.person;
  if (approach === 'redirect' || approach === 'oauth' || call.signedIn)
    return links(call, { startAuthorisation: path });
  if (approach === 'decoupled') {
    return links(call, { [named ? 'startAuthorisation' : 'startAuthorisationWithPsuIdentification']: path });
  }
  const together = identification === 'together' || named;
  const password = `startAuthorisationWith${passwordKey ? 'Encrypted' : ''}PsuAuthentication`;
  return links(call, { [together ? password : 'startAuthorisationWithPsuIdentification']: path });
}

/** True once nothing more can be done with it. */
export const isOver = ({ status }: Authorisation): boolean => ['finalised', 'exempted', 'failed'].includes(status);

function embeddedNext(face: Face, { status, halfway }: Authorisation): readonly string[] {
  const kind = face.passwordKey ? 'EncryptedPsuAuthentication' : 'PsuAuthentication';
  switch (status) {
    case 'received':
      // Without an authorisation of its own the first PUT may bring name and password at once.
      return face.authorisation === 'consent' && face.identification === 'together'
        ? [`update${kind}`]
        : ['updatePsuIdentification'];
    case 'psuIdentified':
      return [halfway ? `updateAdditional${kind}` : `update${kind}`];
    case 'scaMethodSelected':
      return ['authoriseTransaction', 'selectAuthenticationMethod'];
    case 'psuAuthenticated':
    case 'started':
      return ['selectAuthenticationMethod'];
    default:
      return [];
  }
}
