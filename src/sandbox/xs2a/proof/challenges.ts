import { flickerCode } from '../../fints/formats/challenge.ts';
import type { Bank, Method } from '../../world/banks.ts';
import { photoChallenge } from '../../world/photo.ts';

/** A method as `scaMethods` and `chosenScaMethod` tell it. */
export const presentMethod = ({ id, type, name, explanation, flicker }: Method): Record<string, unknown> => ({
  authenticationType: type,
  ...(flicker ? { authenticationVersion: 'HHD1.4' } : {}),
  authenticationMethodId: id,
  name,
  explanation,
});

/**
 * `challengeData` for a method. A picture is a QR code that says the code, a flickering one is the content of HHD 1.4 that
 * a reader is shown.
 */
export function challengeOf(bank: Bank, method: Method, authorisationId: string): Record<string, unknown> {
  const form = { otpMaxLength: 6, otpFormat: 'integer' };
  const number = String(Number.parseInt(Buffer.from(authorisationId).toString('hex').slice(0, 12), 16)).slice(-8);
  if (method.flicker) {
    return {
      data: [flickerCode(number, ['0000000000'])],
      additionalInformation: `Hold your card reader before the picture. Start code ${number}.`,
      ...form,
    };
  }
  switch (method.type) {
    case 'CHIP_OTP':
      return { data: [number], additionalInformation: 'Enter this number into your card reader.', ...form };
    case 'PHOTO_OTP':
      return {
        image: photoChallenge(`${bank.name}: TAN ${method.code} (${number})`).toString('base64'),
        additionalInformation: 'Scan the picture with your photo-TAN reader.',
        ...form,
      };
    default:
      return { additionalInformation: 'We sent a code by SMS to the number ending in 4711.', ...form };
  }
}
